"""A picture that staff send, or a member from the page: what it is, and what is kept of it."""

from __future__ import annotations

from actions.sent_files import Body, path_of
from actions.visit_leave import bare_jpeg, kind_of
from domain.ids import new_id


def picture(body: bytes) -> tuple[Body, bytes]:
    """A picture on its way, and the bytes to keep: without what the camera wrote of place and owner.

    Raises BadPhoto for what is no JPEG or PNG, or larger than a photograph may be.
    """
    kind = kind_of(body)
    kept = bare_jpeg(body) if kind == "image/jpeg" else body
    return Body("photo", path_of(new_id("fl")), len(kept), kind), kept
