"""`guanjia import` and `guanjia report` as they are typed: what is said, what is written, and the exit code."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from actions.house import House
from bot.api.app import create
from bot.cli import app
from bot.presence import is_open, serving
from bot.settings import Settings
from bot.tokens import make
from bot.troubles import Trouble
from bot.wiring import wire
from domain.store import Store
from domain.store.bulk import count
from tests.actions.visiting import add_carers, booked

SECRET = "a secret of the tests, long enough for SHA-256"
GOOD = "姓名,手机号\n刘梅,13900000001\n周,139 1234 5678\n"
BAD = "姓名,手机号\n吴,1391\n,13912345679\n"


class Shell:
    """A terminal in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.url = folder, f"sqlite:///{folder / 'guanjia.db'}"

    def run(self, *words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, list(words))
        if isinstance(done.exception, Trouble):
            return 1, str(done.exception)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    def file(self, name: str, body: str) -> str:
        path = self.folder / name
        path.write_text(body, encoding="utf-8")
        return str(path)

    def people(self) -> int:
        store = Store(self.url)
        found = count(store, "persons")
        store.close()
        return found


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    made = Shell(tmp_path)
    monkeypatch.setenv("GUANJIA_DATABASE_URL", made.url)
    monkeypatch.chdir(tmp_path)
    return made


def test_each_file_comes_in_wholly_or_not_at_all(shell: Shell) -> None:
    files = shell.file("members.csv", GOOD), shell.file("会员二.csv", BAD)

    code, said = shell.run("import", *files, "--dry-run")
    assert (code, shell.people()) == (1, 0)
    code, said = shell.run("import", *files)

    assert (code, shell.people()) == (1, 2)
    assert "members.csv: members 2 new, 0 changed, 0 unchanged; written" in said
    assert "会员二.csv:2: 手机号 (phone): 不是11位手机号" in said
    assert "会员二.csv:3: 姓名 (name): 必须填" in said
    assert "2 bad; 2 problems: nothing of this file was written" in said
    assert "1391\n" not in said
    code, said = shell.run("import", files[0])
    assert code == 0
    assert "0 new, 0 changed, 2 unchanged" in said


def test_a_file_may_be_called_anything_where_its_sheet_is_said(shell: Shell) -> None:
    code, said = shell.run("import", shell.file("x.csv", GOOD), "--sheet", "members", "--dry-run")

    assert (code, shell.people()) == (0, 0)
    assert "dry run: nothing was written" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["import"], "which file?"),
        (["import", "nowhere.csv"], "there is no file"),
        (["import", "--sheet", "x", "nowhere.csv"], "there is no sheet x"),
        (["import", "--template", "x"], "there is no sheet x"),
        (["report", "fulfilment", "--by", "moon"], "by what?"),
        (["report", "satisfaction", "--by", "moon"], "by what?"),
        (["report", "fulfilment", "--from", "gestern"], "is no day"),
        (["report", "fulfilment", "--from", "2026-02-01", "--to", "2026-01-01"], "ends before it begins"),
    ],
)
def test_what_is_typed_wrongly_is_one_sentence(shell: Shell, words: list[str], said: str) -> None:
    code, told = shell.run(*words)

    assert code == 1
    assert said in told


def test_a_template_is_printed(shell: Shell) -> None:
    code, said = shell.run("import", "--template", "members")

    assert code == 0
    assert said.splitlines()[0].startswith("会员编号,姓名*,手机号,出生日期")
    assert said.splitlines()[1].startswith("# M0001（")


def test_a_report_is_printed_and_written(shell: Shell) -> None:
    code, said = shell.run("report", "fulfilment", "--by", "city")
    assert code == 0
    assert "按城市" in said

    code, said = shell.run("report", "fulfilment", "--csv", "r.csv", "--html", "r.html")
    assert code == 0
    assert (shell.folder / "r.csv").read_text(encoding="utf-8").startswith("\ufeffkey,name,booked")
    assert "履约报表" in (shell.folder / "r.html").read_text(encoding="utf-8")


def test_satisfaction_is_printed_and_written(shell: Shell) -> None:
    code, said = shell.run("report", "satisfaction", "--by", "month")
    assert code == 0
    assert "按月" in said

    code, said = shell.run("report", "satisfaction", "--by", "carer", "--csv", "s.csv", "--html", "s.html")
    assert code == 0
    assert (shell.folder / "s.csv").read_text(encoding="utf-8").startswith("\ufeffkey,name,visits,asked")
    assert "满意度报表" in (shell.folder / "s.html").read_text(encoding="utf-8")


@pytest.fixture
def client(house: House, tmp_path: Path) -> TestClient:
    add_carers(house)
    booked(house)
    settings = Settings(home=tmp_path, secret=SECRET, rasa_url="http://127.0.0.1:9")
    return TestClient(create(wire(settings, house, patience=0.1)), raise_server_exceptions=False)


def _ask(client: TestClient, person: str, **wanted: str) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {make(SECRET, person, 3600)}"}
    answer = client.get("/api/v1/reports/fulfilment", headers=headers, params=wanted)
    return answer.status_code, answer.json()


def test_a_supervisor_reads_the_report_over_http(client: TestClient, house: House) -> None:
    last = (house.today() + timedelta(days=7)).isoformat()

    status, found = _ask(client, "super", by="service", to=last)

    assert status == 200
    (line,) = found["items"]
    assert (line["key"], line["name"], line["booked"], line["ahead"], line["rating"]) == (
        "assisted_bathing",
        "助浴",
        1,
        1,
        None,
    )
    assert found["total"]["booked"] == 1
    assert _ask(client, "super", **{"from": last, "to": "2026-01-01"})[0] == 422
    assert _ask(client, "super", by="moon")[0] == 422


@pytest.mark.parametrize("person", ["mei", "huan", "life1", "doc1", "gao"])
def test_for_others_there_is_no_report(client: TestClient, person: str) -> None:
    assert _ask(client, person)[0] == 404


def test_while_the_house_is_open_a_large_file_waits_and_a_small_one_says_so(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = shell.file("members.csv", GOOD)
    assert shell.run("import", file, "--dry-run")[0] == 0
    store = Store(shell.url)
    with serving(store):
        assert is_open(store)
        monkeypatch.setattr("bot.importing.ROWS_A_SECOND", 0.1)
        code, said = shell.run("import", file)
        assert (code, shell.people()) == (1, 0)
        assert "would keep the butler from answering for about 20 s" in said
        assert shell.run("import", file, "--dry-run")[0] == 0
        monkeypatch.setattr("bot.importing.ROWS_A_SECOND", 20_000)
        code, said = shell.run("import", file)
        assert (code, shell.people()) == (0, 2)
        assert "while it is written the butler waits, for about 1 s" in said
    assert not is_open(store)
    store.close()
