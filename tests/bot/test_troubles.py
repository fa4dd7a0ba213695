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
