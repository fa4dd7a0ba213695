"""Cells and files of any kind: read, or refused in words; never anything else."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.importing import FileWrong, Refused, sheets
from actions.importing.cells import as_text, day, reader, tidy
from actions.importing.reading import opened
from actions.words import load

COLUMNS = [column for sheet in sheets().values() for column in sheet.columns]
_CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.text(max_size=40),
    st.text("0123456789-/.:年月日，、；=～ ", max_size=30),
)


@given(cell=_CELLS, column=st.sampled_from(COLUMNS))
def test_any_cell_is_read_or_refused_in_words(cell: object, column: object) -> None:
    try:
        if text := tidy(cell):
            column.read(text)  # type: ignore[attr-defined]
    except Refused as refused:
        load().say(f"import_{refused.code}", **refused.gaps)


@given(
    body=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda t: t.encode("utf-8", "ignore")))
)
def test_any_file_is_read_or_refused_in_words(body: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "members.csv"
        for head in (b"", "姓名,手机号\n".encode(), b"PK\x03\x04"):
            path.write_bytes(head + body)
            try:
                with opened(path, None) as tables:
                    for table in tables:
                        list(table.rows)
            except FileWrong as wrong:
                load().say(f"import_{wrong.code}", **wrong.gaps)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_way_of_writing_a_day_is_the_same_day(one: date) -> None:
    ways: tuple[Callable[[date], str], ...] = (
        lambda d: d.isoformat(),
        lambda d: f"{d.year}/{d.month}/{d.day}",
        lambda d: f"{d.year}年{d.month}月{d.day}日",
        lambda d: f"{d:%Y%m%d}",
        lambda d: as_text(datetime.combine(d, time(0))),
    )

    assert {day(way(one)) for way in ways} == {one}


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("days", "周一至周五", [0, 1, 2, 3, 4]),
        ("days", "星期三、周日", [2, 6]),
        ("days", "1-3，7", [0, 1, 2, 6]),
        ("days", "天天", [0, 1, 2, 3, 4, 5, 6]),
        ("hours", "13:00-18:00、8:00～12:00", [(time(8), time(12)), (time(13), time(18))]),
        ("yes", "是", True),
        ("services", "助浴、video_consult", ["assisted_bathing", "video_consult"]),
        ("channels", "到家，线上", ["home", "online"]),
        ("used", "bath=2；meals＝1.5；rehab=0", {"bath": 2.0, "meals": 1.5}),
        ("phone", "+86 139-0000 0001", "13900000001"),
    ],
)
def test_what_is_meant(kind: str, text: str, value: object) -> None:
    assert reader({"kind": kind})(text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("days", "周五至周一"),
        ("days", "周八"),
        ("hours", "08:00-12:00、11:00-13:00"),
        ("hours", "25:00-26:00"),
        ("used", "bath=2;bath=3"),
        ("phone", "010-12345678"),
        ("day", "17665"),
        ("day", "2026-13-01"),
        ("code", "a b"),
        ("certificate", "飞行"),
    ],
)
def test_what_is_refused(kind: str, text: str) -> None:
    with pytest.raises(Refused):
        reader({"kind": kind})(text)
    with suppress(Refused):
        reader({"kind": kind})("９" * 60)
