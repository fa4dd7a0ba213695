"""The demo's clock: moved on by the operator, through each due moment in its order."""

from __future__ import annotations

import re
from datetime import timedelta

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel

from bot.api.access import Admin, Ports
from bot.ticking import advance
from domain.clock import SHANGHAI

router = APIRouter(prefix="/api/v1/demo", tags=["demo"])
_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


class Advance(BaseModel):
    """An ISO 8601 duration in weeks, days, hours, minutes, seconds."""

    advance: str


@router.post("/clock")
async def clock(body: Advance, person: Admin, parts: Ports) -> dict[str, str]:
    """Move the clock on and return when the work that fell due is done."""
    found = _DURATION.fullmatch(body.advance)
    if found is None or not any(found.groups()):
        raise HTTPException(422, "advance 要写成 PT24H 这样的时长")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    by = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    now = await advance(parts, by)
    return {"now": now.astimezone(SHANGHAI).isoformat()}
