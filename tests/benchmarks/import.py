"""How fast members come in from a file, and how much memory that takes: CSV at two sizes, XLSX at its largest.

Each file is imported into an empty SQLite store by a process of its own, so that the peak is that of the import.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.memory import peak_mb

CSV_ROWS, XLSX_ROWS = (70_000, 1_000_000), 100_000
_HEADINGS = ("会员编号", "姓名", "手机号", "出生日期", "性别", "城市", "区县", "地址", "称呼")


def figures() -> Iterator[tuple[str, float, str, int]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peaks = {}
        for rows in CSV_ROWS:
            path = folder / f"members-{rows}.csv"
            _write_csv(path, rows)
            found = _imported(path)
            path.unlink()
            peaks[rows] = found["peak_mb"]
            yield "rows_per_s", rows / found["seconds"], "rows/s", rows
            yield "peak_mb", found["peak_mb"], "MB", rows
        yield "peak_ratio_1m_70k", peaks[CSV_ROWS[1]] / peaks[CSV_ROWS[0]], "ratio", CSV_ROWS[1]
        path = folder / "members.xlsx"
        _write_xlsx(path, XLSX_ROWS)
        found = _imported(path)
        yield "rows_per_s_xlsx", XLSX_ROWS / found["seconds"], "rows/s", XLSX_ROWS
        yield "peak_mb_xlsx", found["peak_mb"], "MB", XLSX_ROWS


def rows(count: int) -> Iterator[tuple[Any, ...]]:
    """The headings, and so many members; all made up."""
    yield _HEADINGS
    for n in range(count):
        born = f"{1930 + n % 35}-{1 + n % 12:02}-{1 + n % 28:02}"
        home = f"北京朝阳区福安里{n % 60 + 1}号楼{n % 1700 + 101}"
        called = "王阿姨" if n % 2 else "李叔叔"
        yield (
            f"M{n:07}",
            f"某{n % 997}",
            f"139{n:08}",
            born,
            "女" if n % 2 else "男",
            "北京",
            "朝阳区",
            home,
            called,
        )


def _write_csv(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows(count))


def _write_xlsx(path: Path, count: int) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    page = book.create_sheet("会员")
    for row in rows(count):
        page.append(row)
    book.save(path)


def _imported(path: Path) -> dict[str, float]:
    """The import in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.import", str(path)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main(path: Path) -> None:
    """What the child does."""
    from actions.house import House
    from actions.importing import Listener, import_files
    from actions.words import load as load_words
    from domain.calendar import load as load_calendar
    from domain.catalogue import load as load_catalogue
    from domain.clock import SystemClock
    from domain.demo.alliance import cities, places
    from domain.store import Store
    from domain.store.bulk import count, write_rows
    from domain.store.migrate import upgrade

    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'import.db'}")
        upgrade(store)
        write_rows(store, places(cities()), lambda *_: None)
        house = House(store, SystemClock(), load_calendar(), load_catalogue(), load_words())
        began = time.perf_counter()
        (outcome,) = import_files(house, [path], Listener(lambda problem: print(problem, file=sys.stderr)))
        took = time.perf_counter() - began
        assert outcome.written
        assert count(store, "persons") == outcome.rows
        store.close()
    peak = peak_mb()
    print(json.dumps({"seconds": took, "peak_mb": peak}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
