"""`guanjia broadcast …`, as the operator types it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.seeding import seed
from bot.settings import load
from bot.troubles import Trouble
from bot.wiring import ready
from tests.conftest import NOW

RUN = CliRunner()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    house = ready(load(home=folder))
    seed(house.store, 300, NOW.date(), now=NOW)
    house.store.close()
    return folder


@pytest.fixture(autouse=True)
def here(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUANJIA_HOME", str(home))
    monkeypatch.delenv("GUANJIA_DATABASE_URL", raising=False)


def call(*words: str) -> str:
    result = RUN.invoke(app, ["broadcast", *words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def write(*words: str) -> str:
    return call("write", "周六上午有健康讲座。", *words).splitlines()[0]


def test_written_shown_and_started() -> None:
    out = call(
        "write",
        "周六上午有健康讲座。",
        "--city",
        "北京",
        "--min-age",
        "70",
        "--but",
        "wang-xiulan",
        "--when",
        "每年立秋上午9点",
    )
    made = out.splitlines()[0]
    assert "people: " in out
    assert "请回复“退订”。" in out
    assert "王秀兰" not in out
    assert call("preview", made, "--as", "supervisor").startswith(out.splitlines()[1].split(":")[0])
    assert f"{made} scheduled, next " in call("start", made)
    assert "-08-0" in call("show", made)
    assert made in call("list")
    assert f"{made} paused" in call("pause", made)
    assert f"{made} scheduled" in call("go-on", made)
    assert f"{made} scheduled" in call("watch", made)
    assert f"{made} stopped" in call("stop", made)
    assert f"{made} taken_back" in call("take-back", made)


def test_many_need_somebody_elses_yes() -> None:
    made = write("--as", "supervisor")
    assert f"{made} waiting" in call("start", made)
    with pytest.raises(Trouble, match="the author cannot"):
        call("approve", made, "--as", "supervisor")
    with pytest.raises(Trouble, match="only a supervisor"):
        call("approve", made, "--as", "chen-jing")
    assert f"{made} scheduled" in call("approve", made, "--as", "admin")
    with pytest.raises(Trouble, match="not possible"):
        call("approve", made, "--as", "admin")
    call("take-back", made)


def test_a_test_to_oneself_and_words_from_a_file(home: Path) -> None:
    (home / "words.txt").write_text("从文件来的话。", encoding="utf-8")
    made = call("write", f"@{home / 'words.txt'}", "--person", "zhao-min").splitlines()[0]
    call("test", made, "--as", "chen-jing")
    with ready(load()).store.read() as unit:
        conversation = unit.conversations.of_existing("chen-jing")
        assert conversation is not None
        assert "从文件来的话。" in unit.conversations.last(conversation.id, 1)[0].text


@pytest.mark.parametrize(
    ("words", "trouble"),
    [
        (("write", ""), "空"),
        (("write", "长" * 5_000), "1000"),
        (("write", "话", "--city", "月亮"), "城市"),
        (("write", "话", "--plan", "x"), "计划"),
        (("write", "话", "--unused", "x"), "权益"),
        (("write", "话", "--when", "2020-01-01T09:00"), "过"),
        (("write", "话", "--when", "哪天"), "时间"),
        (("write", "话", "--visited-before", "soon"), "soon is no day"),
        (("write", "@nowhere.txt"), "cannot be read"),
        (("write", "话", "--as", "nobody"), "nobody called nobody"),
        (("write", "话", "--as", "wang-xiulan"), "not for this person"),
        (("list", "--as", "zhou-ning"), "not for this person"),
        (("show", "bc_none"), "no such broadcast"),
        (("start", "bc_none"), "no such broadcast"),
    ],
)
def test_what_cannot_be_is_one_sentence(words: tuple[str, ...], trouble: str) -> None:
    with pytest.raises(Trouble, match=trouble):
        call(*words)


def test_nobody_is_not_started() -> None:
    made = write("--min-age", "129")
    with pytest.raises(Trouble, match="一个人都没有"):
        call("start", made)
