"""What can go wrong on a machine is one clear sentence and exit code 1, never a traceback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.presence import alone
from bot.running import serve, up
from bot.settings import BadSetting, load
from bot.troubles import Trouble, explain
from tests.conftest import skip_or_fail

GUANJIA = Path(sys.executable).parent / "guanjia"


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(GUANJIA), *words],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **environment},
        check=False,
        input="",
    )


def told(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("guanjia: ")]
    return line


def test_a_taken_port(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        assert f"port {port} is taken" in told(run("up", "--port", port, GUANJIA_HOME=str(tmp_path)))


def test_a_missing_model(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])

    assert "there is no model" in told(run("up", "--port", port, GUANJIA_HOME=str(tmp_path)))


def test_a_second_butler_of_one_home_leaves_the_firsts_rasa_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.running.is_trained", lambda _: True)
    (tmp_path / "var").mkdir()
    with alone(tmp_path / "var"), pytest.raises(Trouble, match="a butler runs from"):
        up(load(home=tmp_path, port=0), None)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two mebibytes."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        skip_or_fail("a small file system is mounted as root only: sudo make test")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


@pytest.mark.parametrize("words", [("seed",), ("up", "--port", "0")])
def test_a_full_disk(small_disk: Path, words: tuple[str, ...]) -> None:
    assert "the disk is full" in told(run(*words, GUANJIA_HOME=str(small_disk)))


def test_a_database_from_a_newer_version(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'var' / 'guanjia.db'}"
    assert run("seed", "--members", "1", GUANJIA_HOME=str(tmp_path)).returncode == 0
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    assert "made by a newer version" in told(run("seed", GUANJIA_HOME=str(tmp_path)))


@pytest.mark.parametrize("url", ["postgresql://127.0.0.1:9/none", "nonsense"])
def test_a_database_that_does_not_answer(tmp_path: Path, url: str) -> None:
    assert "GUANJIA_DATABASE_URL" in told(
        run("token", "x", GUANJIA_HOME=str(tmp_path), GUANJIA_DATABASE_URL=url)
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("GUANJIA_PORT", "abc", "GUANJIA_PORT should be a valid integer"),
        ("GUANJIA_PORT", "99999", "GUANJIA_PORT should be less than or equal to 65535"),
        ("PORT", "abc", "PORT should be a valid integer"),
        ("GUANJIA_RASA_PORT", "0", "GUANJIA_RASA_PORT should be greater"),
        ("GUANJIA_DEMO", "perhaps", "GUANJIA_DEMO should be a valid boolean"),
        ("GUANJIA_TOKEN_HOURS", "0", "GUANJIA_TOKEN_HOURS should be greater than 0"),
        ("GUANJIA_BROADCAST_ALONE", "-1", "GUANJIA_BROADCAST_ALONE should be greater"),
        ("GUANJIA_LOG_LEVEL", "LOUD", "GUANJIA_LOG_LEVEL should be 'DEBUG', 'INFO'"),
        ("GUANJIA_TELEGRAM_MODE", "carrier", "GUANJIA_TELEGRAM_MODE should be 'polling' or 'webhook'"),
        ("GUANJIA_TELEGRAM_API", "nonsense", "GUANJIA_TELEGRAM_API should be an address"),
        ("GUANJIA_TELEGRAM_STAFF_CHAT", "butlers", "GUANJIA_TELEGRAM_STAFF_CHAT should be a number"),
        ("GUANJIA_TELEGRAM_DOCTOR_CHAT", "doctors", "GUANJIA_TELEGRAM_DOCTOR_CHAT should be a number"),
        ("GUANJIA_RASA_URL", "nonsense", "GUANJIA_RASA_URL should be an address"),
        ("GUANJIA_PUBLIC_URL", "nonsense", "GUANJIA_PUBLIC_URL should be an address"),
        ("GUANJIA_SMS_URL", "ftp://x", "GUANJIA_SMS_URL should be an address"),
        ("GUANJIA_HOST", "nothing.invalid", "GUANJIA_HOST: nothing is called nothing.invalid"),
        ("GUANJIA_HOST", "192.0.2.1", "GUANJIA_HOST: 192.0.2.1 is no address of this machine"),
        ("GUANJIA_HOME", "/proc/nowhere", "/proc/nowhere"),
        ("GUANJIA_DATABASE_URL", "mysql://x/y", "GUANJIA_DATABASE_URL is no database address"),
    ],
)
def test_a_wrong_setting_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    """By its name and what it should be, never by what stands in it."""
    monkeypatch.setenv("GUANJIA_HOME", str(tmp_path))
    monkeypatch.setenv("GUANJIA_RASA_URL", "http://127.0.0.1:9")
    monkeypatch.setenv(name, value)
    with pytest.raises(Exception) as raised:  # noqa: PT011  (whatever it is, it has its sentence)
        serve(load())

    assert said in (explain(raised.value) or "")


def test_a_wrong_setting_is_one_sentence(tmp_path: Path) -> None:
    sentence = told(run("work", GUANJIA_HOME=str(tmp_path), GUANJIA_PORT="8o8o"))

    assert sentence == "guanjia: GUANJIA_PORT should be a valid integer, unable to parse string as an integer"


def test_a_webhook_without_an_address() -> None:
    with pytest.raises(BadSetting, match="needs GUANJIA_TELEGRAM_WEBHOOK_URL"):
        load(telegram_token="1:a", telegram_mode="webhook")


@pytest.mark.parametrize(
    "words",
    [
        ("time", "--now", "yesterday"),
        ("token", "x", "--hours", "nan"),
    ],
)
def test_a_wrong_word_on_the_command_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert words[-2] in told(run(*words, GUANJIA_HOME=str(tmp_path)))


def test_a_database_that_is_damaged_or_empty(tmp_path: Path) -> None:
    empty = told(run("token", "x", GUANJIA_HOME=str(tmp_path)))
    (tmp_path / "var" / "guanjia.db").write_bytes(b"no database, but long enough to be one" * 100)
    damaged = told(run("token", "x", GUANJIA_HOME=str(tmp_path)))

    assert "empty or of an older version" in empty
    assert "the database is damaged" in damaged


def test_a_token_and_nothing_else(tmp_path: Path) -> None:
    assert run("seed", "--members", "1", GUANJIA_HOME=str(tmp_path)).returncode == 0
    done = run("token", "li-qiang", GUANJIA_HOME=str(tmp_path))

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip().count(".") == 2
    assert "nobody called" in told(run("token", "who", GUANJIA_HOME=str(tmp_path)))


def test_the_seed_is_the_same_every_time(tmp_path: Path) -> None:
    """Two worlds on different days differ in nothing but what is granted for the day."""
    from datetime import date

    from bot.seeding import world

    first, second = (list(world(200, date(2026, 11, 24))) for _ in range(2))

    assert first == second
    tables = [table for table, _ in first]
    assert tables.count("cities") == 50
    assert (tables.count("providers"), tables.count("sites"), tables.count("staff")) == (40, 300, 600)
    lapsed = [
        row for table, row in first if table == "certificates" and row["valid_until"] < date(2026, 11, 24)
    ]
    assert 0 < len(lapsed) < 200
