"""What an elder sends from her page in a real Chromium, and who has it then: a photograph, a voice that she speaks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visitor
from tests.browser.desk_page.conftest import At, ticket
from tests.browser.desk_page.test_desk_sent import png
from tests.browser.test_line import stored
from tests.browser.test_looks import look
from tests.live.conftest import Butler
from tests.live.talk import Stage

pytestmark = pytest.mark.live
Visit = Callable[..., Visitor]
FILES = "**/api/v1/me/attachments?*"


def gives(visitor: Visitor, body: bytes, name: str = "IMG_0001.png", kind: str = "image/png") -> None:
    """Choose a picture of the device."""
    visitor.page.set_input_files("#photo", {"name": name, "mimeType": kind, "buffer": body})


def speaks(visitor: Visitor, seconds: int = 1) -> None:
    """Press, speak for so long (the device's own tone), and leave it there."""
    visitor.context.grant_permissions(["microphone"])
    visitor.page.locator("#speak").click()
    expect(visitor.page.locator("#voice-time")).to_have_text(f"0:0{seconds}")
    expect(visitor.page.locator("#voice-send")).to_be_focused()


def test_a_photograph_is_seen_at_the_desk_and_in_ones_own_chat(
    at: At, visit: Visit, stage: Stage, butler: Butler
) -> None:
    one = ticket(butler, stage.elder)
    elder, desk = visit().sign_in(stage.elder), at().sign_in()
    desk.row(one).click()

    # By keyboard alone: the button asks the device for a picture, which is then chosen.
    elder.page.evaluate(
        "document.getElementById('photo').addEventListener('click', e => { e.preventDefault(); window.asked = true; })"
    )
    elder.page.locator("#add-photo").focus()
    elder.page.keyboard.press("Enter")
    elder.page.wait_for_function("window.asked === true")
    gives(elder, png(3000, 1500))

    elder.hear("照片收到了")
    # Smaller on its way, and a JPEG, whatever the camera made.
    for page, way in ((elder.page, "#log li.own img.sent"), (desk.page, "#lines img.sent")):
        shown = page.locator(way)
        shown.wait_for()
        page.wait_for_function("e => e.complete && e.naturalWidth === 2048", arg=shown.element_handle())
    look(elder, "given-photo")
    desk.look("given-photo")
    assert elder.page.locator("#log li.own").bounding_box()["height"] < 700
    assert stored(butler, stage.elder.id) == ["（发来一张照片）"]


@pytest.mark.parametrize(
    ("window", "size"), [("wide", 1), ("tablet", 2), ("phone", 3), ("narrow", 3), ("zoomed", 3)]
)
def test_a_voice_goes_to_a_person_with_its_recording(
    at: At, visit: Visit, stage: Stage, window: str, size: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    elder = visit(window, size).sign_in(stage.elder)
    look(elder, f"given-{window}-{size}-start")
    speaks(elder)
    look(elder, f"given-{window}-{size}-speaking")
    found = Axe().run(elder.page)
    assert found.violations_count == 0, found.generate_report()
    elder.page.keyboard.press("Enter")

    line = elder.hear("已经请生活管家来听")
    expect(elder.page.locator("#log li.own audio.sent")).to_have_count(1)
    look(elder, f"given-{window}-{size}-sent")
    found = Axe().run(elder.page)
    assert found.violations_count == 0, found.generate_report()
    expect(line.locator(".badge")).to_have_text("AI管家")
    if window != "wide":
        return
    desk = at().sign_in()
    desk.page.locator("[data-ticket]", has_text=stage.elder.name).click()
    voice = desk.page.locator("#lines audio.sent")
    voice.wait_for()
    # It can be listened to, and there is something in it.
    assert (
        voice.evaluate(
            "e => e.play().then(() => new Promise((done) => { e.onended = () => done(e.currentTime); }))"
        )
        > 0.5
    )


def test_what_was_spoken_and_dropped_goes_nowhere(visit: Visit, stage: Stage, butler: Butler) -> None:
    elder = visit("phone").sign_in(stage.elder)
    speaks(elder)

    elder.press("不要了")

    expect(elder.page.locator("#composer")).to_be_visible()
    expect(elder.page.locator("#speak")).to_be_focused()
    elder.type("你好")
    elder.hear("您好")
    assert stored(butler, stage.elder.id) == ["你好"]


def test_a_device_without_leave_to_listen_says_so_kindly(visit: Visit, stage: Stage) -> None:
    elder = visit().sign_in(stage.elder)
    elder.page.locator("#speak").click()
    expect(elder.page.locator("#line")).to_have_text("这台设备没让我们用话筒。您打字，或者发照片都行。")
    expect(elder.page.locator("#composer")).to_be_visible()

    bare = visit(script="Object.defineProperty(navigator, 'mediaDevices', {value: undefined});")
    bare.sign_in(stage.elder)
    expect(bare.page.locator("#add-photo")).to_be_visible()
    expect(bare.page.locator("#speak")).to_be_hidden()


@pytest.mark.parametrize(
    ("body", "said"),
    [(b"<svg onload=alert(1)>", "这张照片我们打不开"), (b"\0" * (8 * 2**20 + 1), "这个文件太大了")],
)
def test_what_is_no_picture_is_said_kindly(visit: Visit, stage: Stage, body: bytes, said: str) -> None:
    elder = visit().sign_in(stage.elder)

    gives(elder, body, "<b>.png")

    expect(elder.page.locator("#talk")).to_contain_text(said)
    expect(elder.page.locator("img.sent")).to_have_count(0)


def test_an_answer_that_is_lost_on_the_way_sends_it_once(visit: Visit, stage: Stage, butler: Butler) -> None:
    elder = visit().sign_in(stage.elder)
    lost: list[int] = []

    def loses(route: Route) -> None:
        if not lost:
            lost.append(route.fetch().status)
            route.abort("connectionreset")
        else:
            route.continue_()

    elder.page.route(FILES, loses)
    gives(elder, png())
    elder.hear("照片收到了")
    elder.type("谢谢")
    elder.hear("您别客气")

    assert lost == [200]
    assert stored(butler, stage.elder.id) == ["（发来一张照片）", "谢谢"]
    expect(elder.page.locator("img.sent")).to_have_count(1)


def test_a_picture_waits_for_the_line_even_where_the_page_is_opened_anew(
    visit: Visit, stage: Stage, butler: Butler
) -> None:
    elder = visit().sign_in(stage.elder)
    elder.page.route(FILES, lambda route: route.abort("internetdisconnected"))
    gives(elder, png())
    expect(elder.page.get_by_text("还没发出去")).to_be_visible()

    elder.page.unroute(FILES)
    elder.open()

    elder.hear("照片收到了")
    expect(elder.page.locator("img.sent")).to_have_count(1)
    assert stored(butler, stage.elder.id) == ["（发来一张照片）"]
    assert elder.page.evaluate("Object.keys(localStorage).filter((name) => name.includes('file.'))") == []
