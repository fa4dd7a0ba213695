"""A picture that a coordinator sends: small, a picture by what is in it, and under a name of our own."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request

from actions import desk_words, sent_files
from actions.photograph import LARGEST, BadPhoto
from actions.send_picture import picture as picture_of
from bot.api.access import Ports
from bot.api.bodies import body_of
from bot.desk_page.access import Here
from bot.desk_page.trail import noted
from bot.kept_files import write

router = APIRouter(prefix="/desk", include_in_schema=False, dependencies=[Depends(noted)])


@router.post("/tickets/{ticket_id}/picture", status_code=201)
async def picture(
    ticket_id: str,
    request: Request,
    found: Here,
    parts: Ports,
    message_id: Annotated[str, Query(min_length=1, max_length=40)],
    text: Annotated[str, Query(max_length=400)] = "",
) -> dict[str, Any]:
    """Send a picture (the body of the request, JPEG or PNG) with a line below it. 403 for anybody but the claimer."""
    body = await body_of(request, LARGEST, parts.house.words.say("desk_picture_bad"))
    try:
        sent, kept = picture_of(body)
    except BadPhoto as bad:
        raise HTTPException(422, parts.house.words.say("desk_picture_bad")) from bad
    said = text.strip() or parts.house.words.say("desk_picture")
    with parts.house.store.write() as unit:
        message = desk_words.reply(
            parts.house, unit, found.person, ticket_id, said, message_id, files=(sent,)
        )
        # Before the row is committed: a row without its file would be a promise. A repeat has its file already.
        if sent_files.is_with(unit, message, sent):
            write(parts.settings.var, sent.path, kept)
        return {"id": message.id}
