"""A picture that staff send, or a member from the page: what it is, and what is kept of it."""

from __future__ import annotations

from actions.photograph import bare, kind_of
from actions.sent_files import Body, path_of
from domain.ids import new_id


def picture(body: bytes) -> tuple[Body, bytes]:
    """A picture on its way, and the bytes to keep: without what the camera wrote of place and owner.

    Raises BadPhoto for what is no JPEG or PNG, or larger than a photograph may be.
    """
    kind, kept = kind_of(body), bare(body)
    return Body("photo", path_of(new_id("fl")), len(kept), kind), kept
