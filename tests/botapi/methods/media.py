"""Sending photos, voices and documents, and fetching files: the limits are Telegram's, in bytes."""

from __future__ import annotations

from tests.botapi import keyboards
from tests.botapi.errors import ApiError, bad
from tests.botapi.methods.common import CAPTION_LENGTH, chat_of, deliver, finished, keyboard_of, text_of
from tests.botapi.methods.registry import Call, method
from tests.botapi.state import File, Json

MB = 1024 * 1024
PHOTO_UPLOAD = 10 * MB
UPLOAD = 50 * MB
DOWNLOAD = 20 * MB
IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF", b"BM")


def _file(call: Call, name: str, kind: str, most: int, suffix: str) -> tuple[File, str, str]:
    """The file that a call sends, its name and its type: uploaded now, attached, or known by its id."""
    raw = call.params.text(name)
    upload = call.params.uploads.get(raw.removeprefix("attach://") if raw.startswith("attach://") else name)
    if upload is not None:
        if not upload.content:
            raise bad("file must be non-empty")
        if len(upload.content) > most:
            raise ApiError(413, "Request Entity Too Large")
        kept = call.world.keep_file(kind, upload.content, len(upload.content), suffix)
        return kept, upload.name, upload.mime
    if not raw:
        raise bad(f"there is no {name} in the request")
    if raw.startswith(("http://", "https://")):
        raise bad("failed to get HTTP URL content")  # there is no world outside loopback
    known = call.world.files.get(raw)
    if known is None:
        raise bad("wrong file identifier/HTTP URL specified")
    if not known.id.startswith(f"{kind}-"):
        raise bad("type of file mismatch")
    return known, "", ""


def _send(call: Call, content: Json) -> Json:
    caption, entities = text_of(call, "caption", "caption_entities")
    keyboard_of(call)
    chat = chat_of(call, write=True)
    markup = keyboards.read(call.params, private=chat.private)
    caption, entities = finished(caption, entities, CAPTION_LENGTH, "message caption is too long")
    if caption:
        content["caption"] = caption
    if entities:
        content["caption_entities"] = entities
    return deliver(call, chat, content, markup)


@method("sendPhoto")
def send_photo(call: Call) -> Json:
    file, _, _ = _file(call, "photo", "photo", PHOTO_UPLOAD, ".jpg")
    if file.content is not None and not file.content.startswith(IMAGES):
        raise bad("IMAGE_PROCESS_FAILED")
    return _send(call, {"photo": [picture(file)]})


@method("sendVoice")
def send_voice(call: Call) -> Json:
    file, _, mime = _file(call, "voice", "voice", UPLOAD, ".oga")
    return _send(call, {"voice": voice(file, call.params.number("duration"), mime or "audio/ogg")})


@method("sendDocument")
def send_document(call: Call) -> Json:
    file, name, mime = _file(call, "document", "document", UPLOAD, "")
    return _send(call, {"document": document(file, name, mime)})


def picture(file: File, width: int = 800, height: int = 600) -> Json:
    """A photo in one size (pixels)."""
    return _described(file) | {"width": width, "height": height}


def voice(file: File, duration: int, mime: str = "audio/ogg") -> Json:
    """A voice message; `duration` in seconds."""
    return _described(file) | {"duration": duration, "mime_type": mime}


def document(file: File, name: str, mime: str) -> Json:
    made = _described(file)
    if name:
        made["file_name"] = name
    if mime:
        made["mime_type"] = mime
    return made


def _described(file: File) -> Json:
    return {"file_id": file.id, "file_unique_id": file.unique, "file_size": file.size}


@method("getFile")
def get_file(call: Call) -> Json:
    wanted = call.params.text("file_id")
    if not wanted:
        raise bad("file_id is empty")
    file = call.world.files.get(wanted)
    if file is None:
        raise bad("invalid file_id")
    if file.size > DOWNLOAD:
        raise bad("file is too big")
    return {
        "file_id": file.id,
        "file_unique_id": file.unique,
        "file_size": file.size,
        "file_path": file.path,
    }
