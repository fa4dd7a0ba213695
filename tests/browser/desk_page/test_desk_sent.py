"""Files between the desk and an elder's page in a real Chromium: a picture there, a voice and a place here."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from actions import sent_files
from bot.kept_files import write
from domain.conversations import Message, Speaker, State
from domain.people import Person
from domain.topics import Kept, type_of
from tests.browser.conftest import Visitor
from tests.browser.desk_page.conftest import Coordinator, ticket
from tests.live.conftest import Butler
from tests.live.talk import Stage

pytestmark = pytest.mark.live


def png(width: int = 40, height: int = 30) -> bytes:
    """A real picture, all of one colour."""
    rows = b"".join(b"\0" + b"\x40\xa0\x60" * width for _ in range(height))

    def part(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


@pytest.fixture
def desk(chromium, butler: Butler) -> Iterator[Coordinator]:
    made = Coordinator(chromium, butler, "chen-jing", "wide").sign_in()
    yield made
    assert made.errors == []
    assert made.hosts == {butler.settings.butler}
    made.context.close()


def came(butler: Butler, elder: Person, kind: str, body: bytes = b"", ref: str = "x") -> None:
    """Something that the elder has sent by Telegram, fetched already."""
    with butler.store.write() as unit:
        message = Message(
            conversation_id=unit.conversations.of(elder.id).id,
            direction="in",
            speaker=Speaker.MEMBER,
            channel="telegram",
            text=butler.parts.house.words.say(f"was_{kind}"),
            key=f"telegram:{elder.id}:{kind}",
            state=State.ANSWERED,
            created_at=butler.parts.house.now(),
            author_id=elder.id,
            payload={"attached": {"kind": kind, "ref": ref, "size": None}},
        )
        unit.conversations.add(message)
        unit.has_words = True
        unit.flush()
        file = sent_files.came(butler.parts.house, unit, message, message.payload["attached"])
        if file is not None:
            write(butler.parts.settings.var, file.path, body)
            file.state, file.size, file.type = Kept.KEPT, len(body), type_of(body)


def test_a_picture_goes_from_the_desk_to_the_page_and_back_comes_what_she_sends(
    desk: Coordinator, visit: Callable[..., Visitor], stage: Stage, butler: Butler
) -> None:
    one = ticket(butler, stage.elder)
    elder = visit().sign_in(stage.elder)
    desk.row(one).click()
    desk.claim()

    desk.page.fill("#composer-text", "在这里签字")
    desk.page.set_input_files("#picture", {"name": "<b>.png", "mimeType": "image/png", "buffer": png()})

    elder.hear("在这里签字")
    for page, way in ((elder.page, "#log img.sent"), (desk.page, "#lines img.sent")):
        shown = page.locator(way).last
        shown.wait_for()
        page.wait_for_function("e => e.complete && e.naturalWidth === 40", arg=shown.element_handle())

    came(butler, stage.elder, "photo", png())
    came(butler, stage.elder, "voice", b"OggS" + b"v" * 200)
    came(butler, stage.elder, "place", ref="39.93,116.45")
    came(butler, stage.elder, "file", b"<script>window.bad=1</script>")
    expect(desk.page.locator("#lines img.sent")).to_have_count(2)
    voice = desk.page.locator("#lines audio.sent")
    expect(voice).to_have_count(1)
    expect(desk.page.locator("#lines a[download]")).to_have_count(1)
    expect(desk.page.locator("#lines a[href='geo:39.93,116.45']")).to_have_count(1)
    # What is listened to goes on while other words come.
    voice.evaluate("e => { window.listened = e; }")
    elder.type("听到了吗")
    desk.hears("听到了吗")
    assert voice.evaluate("e => e === window.listened")
    desk.look("sent")
    assert desk.page.evaluate("window.bad") is None


@pytest.mark.parametrize(
    ("name", "kind", "body"),
    [("x.gif", "image/gif", b"GIF89a"), ("x.png", "image/png", b"\0" * (8 * 2**20 + 1))],
)
def test_what_will_not_do_is_said_kindly(
    desk: Coordinator, stage: Stage, butler: Butler, name: str, kind: str, body: bytes
) -> None:
    one = ticket(butler, stage.elder)
    desk.row(one).click()
    desk.claim()

    desk.page.set_input_files("#picture", {"name": name, "mimeType": kind, "buffer": body})

    expect(desk.page.locator("body")).to_contain_text("图片要 JPEG 或者 PNG，最大八兆。")
    expect(desk.page.locator("#lines img.sent")).to_have_count(0)
