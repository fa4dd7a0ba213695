"""The butler killed between the write and the reply: the booking exists once, the reply goes out once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, text

from bot.settings import ROOT, Settings
from bot.tokens import make
from bot.training import train
from tests.live.conftest import free_port

pytestmark = pytest.mark.live
SECRET = "a secret of the tests, long enough for SHA-256"


def test_the_butler_killed_between_the_write_and_the_reply(tmp_path: Path) -> None:
    train(Settings(home=ROOT))
    (tmp_path / "var").mkdir()
    (tmp_path / "nlu").symlink_to(ROOT / "nlu")
    (tmp_path / "var" / "models").symlink_to(ROOT / "var" / "models")
    environment = {
        **os.environ,
        "GUANJIA_HOME": str(tmp_path),
        "GUANJIA_SECRET": SECRET,
        "GUANJIA_PORT": str(free_port()),
        "GUANJIA_RASA_PORT": str(free_port()),
    }
    http = httpx.Client(
        base_url=f"http://127.0.0.1:{environment['GUANJIA_PORT']}",
        headers={"Authorization": f"Bearer {make(SECRET, 'wang-xiulan', 3600)}"},
        timeout=20,
    )

    butler = start(environment, http, "--now", "2026-11-24T10:00")
    (asked,) = http.post("/webhooks/rest/webhook", json={"message": "约后天下午三点的助浴"}).json()
    assert "我给您念一遍" in asked["text"]
    heard: list[str] = []
    talk = threading.Thread(target=confirm, args=(http, heard))
    talk.start()
    wait_for_the_write(tmp_path / "var" / "guanjia.db")
    butler.send_signal(signal.SIGKILL)
    butler.wait()
    talk.join()

    butler = start(environment, http)
    try:
        for _ in range(100):
            pushed = [m["text"] for m in http.get("/api/v1/me/messages").json()["items"]]
            said = [line for line in (*heard, *pushed) if line.startswith("定好了")]
            if said:
                break
            time.sleep(0.1)
        booked = http.get("/api/v1/me/bookings").json()["items"]
        (bath, *_) = [
            e for e in http.get("/api/v1/me/entitlements").json()["items"] if e["benefit"] == "bath"
        ]
    finally:
        butler.terminate()
        butler.wait(30)

    assert len(said) == 1
    assert [b["status"] for b in booked] == ["confirmed"]
    assert (bath["held"], bath["used"], bath["left"]) == (1, 2, 9)


def start(environment: dict[str, str], http: httpx.Client, *words: str) -> subprocess.Popen[bytes]:
    butler = subprocess.Popen(
        [str(Path(sys.executable).parent / "guanjia"), "up", *words],
        env=environment,
        cwd=environment["GUANJIA_HOME"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(480):
        try:
            if http.get("/healthz").status_code == 200:
                return butler
        except httpx.HTTPError:
            pass
        time.sleep(0.25)
    raise AssertionError("the butler does not come up")


def confirm(http: httpx.Client, heard: list[str]) -> None:
    try:
        answer = http.post("/webhooks/rest/webhook", json={"message": "对，就这么定", "message_id": "yes"})
        heard += [reply["text"] for reply in answer.json()]
    except httpx.HTTPError:
        pass  # the cut


_FIRM = "SELECT count(*) FROM bookings WHERE status = 'confirmed' AND member_id = :member"


def wait_for_the_write(path: Path) -> None:
    engine = create_engine(f"sqlite:///{path}")
    for _ in range(20_000):
        with engine.connect() as connection:
            if connection.execute(text(_FIRM), {"member": "wang-xiulan"}).scalar():
                engine.dispose()
                return
        time.sleep(0.0005)
    raise AssertionError("nothing was written")
