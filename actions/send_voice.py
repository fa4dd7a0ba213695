"""A voice that somebody has spoken into a page: what it is, by what is in it."""

from __future__ import annotations

from actions.photograph import LARGEST
from actions.sent_files import Body, path_of
from domain.errors import RuleBroken
from domain.ids import new_id
from domain.topics import voice_of


class BadVoice(RuleBroken):
    """No recording of a kind that browsers make, or too large."""

    code = "bad_voice"


def voice(body: bytes) -> tuple[Body, bytes]:
    """A recording on its way to a person, and the bytes to keep. Raises BadVoice."""
    kind = voice_of(body)
    if kind is None or len(body) > LARGEST:
        raise BadVoice("kind")
    return Body("voice", path_of(new_id("fl")), len(body), kind), body
