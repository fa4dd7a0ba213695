"""Files read row by row: CSV in UTF-8 or GB18030, XLSX. Nothing of a file is held but the row in hand."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from actions.importing.problems import FileWrong
from actions.importing.sheets import NAMES, Column, Sheet, empty, named, sheets
from actions.importing.template import COMMENT

XLSX_ROWS = 100_000
# A workbook is packed; what is larger than this unpacked is no list of people.
_XLSX_BYTES = 2**30
_CHUNK = 2**20
_ZIP, _OLD_XLS = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BROKEN = (
    zipfile.BadZipFile,
    InvalidFileException,
    ParseError,
    DefusedXmlException,
    KeyError,
    ValueError,
    IndexError,
    AttributeError,
    TypeError,
    EOFError,
)
Cells = Sequence[object]


@dataclass(frozen=True)
class Table:
    """The rows of one sheet in a file. `done` says how far it has been read, of `total`."""

    sheet: Sheet
    columns: list[Column | None]
    rows: Iterator[tuple[int, Cells]]
    total: int
    done: Callable[[], int]
    title: str | None = None


@contextmanager
def opened(path: Path, wanted: Sheet | None) -> Iterator[Iterator[Table]]:
    """The tables of a file, in the order in which one refers to the other; what it is is seen by its first bytes.

    Raises FileWrong where it is none that can be read, or its sheet is not known by its name.
    """
    with path.open("rb") as file:
        head = file.read(4)
        file.seek(0)
        if head == _ZIP:
            yield _workbook(path, file, wanted)
        elif head == _OLD_XLS:
            raise FileWrong("old_xls")
        else:
            yield iter([_csv(path, file, wanted)])


def _csv(path: Path, file: BinaryIO, wanted: Sheet | None) -> Table:
    sheet = wanted or named(path.stem)
    if sheet is None:
        raise FileWrong("which_sheet", sheets="、".join(NAMES))
    encoding = _encoding(file)
    text = io.TextIOWrapper(file, encoding, newline="")
    records = _records(text)
    columns = _headings(sheet, records)
    return Table(sheet, columns, records, path.stat().st_size, file.tell)


def _encoding(file: BinaryIO) -> str:
    """UTF-8, or GB18030 as Excel writes it in China. Raises FileWrong with the line at which it is neither."""
    if file.read(2) in _UTF16:
        raise FileWrong("encoding")
    lines = [0, 0]
    # Lines are read whole: one without end would be held whole.
    _check_ends(file)
    for number, encoding in enumerate(("utf-8-sig", "gb18030")):
        file.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            while chunk := file.read(_CHUNK):
                if b"\0" in chunk:
                    raise FileWrong("not_text")
                lines[number] += decoder.decode(chunk).count("\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            lines[number] += error.object[: error.start].count(b"\n")
            continue
        file.seek(0)
        return encoding
    raise FileWrong("encoding", line=max(lines) + 1)


def _check_ends(file: BinaryIO) -> None:
    file.seek(0)
    line, length = 1, 0
    while chunk := file.read(_CHUNK):
        ends = chunk.count(b"\n") + chunk.count(b"\r")
        length = 0 if ends else length + 1
        if length > 1:
            raise FileWrong("csv_broken", line=line)
        line += chunk.count(b"\n")


def _records(text: io.TextIOWrapper) -> Iterator[tuple[int, Cells]]:
    """Rows with the number of the line on which each begins; comments and empty rows left out."""
    start = text.read(4096).split("\n", 1)[0]
    text.seek(0)
    mark = max(",;\t", key=start.count)
    records = csv.reader(text, delimiter=mark, strict=True)
    line = 1
    while True:
        try:
            record = next(records)
        except StopIteration:
            return
        except csv.Error:
            raise FileWrong("csv_broken", line=line) from None
        if not empty(record) and not record[0].lstrip().startswith(COMMENT):
            yield line, record
        line = records.line_num + 1


def _headings(sheet: Sheet, records: Iterator[tuple[int, Cells]]) -> list[Column | None]:
    first = next(records, None)
    if first is None:
        raise FileWrong("empty")
    return sheet.headed(first[1])


def _workbook(path: Path, file: BinaryIO, wanted: Sheet | None) -> Iterator[Table]:
    try:
        with zipfile.ZipFile(file) as packed:
            if sum(part.file_size for part in packed.infolist()) > _XLSX_BYTES:
                raise FileWrong("xlsx_too_large", rows=XLSX_ROWS)
        file.seek(0)
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except _BROKEN:
        raise FileWrong("not_xlsx") from None
    found = {sheet.name: title for title in reversed(book.sheetnames) if (sheet := named(title)) is not None}
    if wanted is not None or not found:
        sheet = wanted or named(path.stem)
        if sheet is None:
            raise FileWrong("which_sheet", sheets="、".join(NAMES))
        found = {sheet.name: found.get(sheet.name, book.sheetnames[0])}
    many = len(found) > 1
    for name in NAMES:
        if name not in found:
            continue
        title = found[name]
        page = book[title]
        total = page.max_row or 0
        # What a workbook says of its own size is often wrong.
        page.reset_dimensions()
        count = [0]
        records = _page(page.iter_rows(values_only=True), count)
        columns = _headings(sheets()[name], records)
        yield Table(
            sheets()[name], columns, records, total, partial(count.__getitem__, 0), title if many else None
        )


def _page(rows: Iterator[Cells], count: list[int]) -> Iterator[tuple[int, Cells]]:
    line = 0
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except _BROKEN:
            raise FileWrong("not_xlsx", line=line + 1) from None
        line += 1
        count[0] = line
        if line > XLSX_ROWS + 1:
            raise FileWrong("xlsx_too_large", line=line, rows=XLSX_ROWS)
        if not empty(cells) and not str(cells[0] or "").lstrip().startswith(COMMENT):
            yield line, cells
