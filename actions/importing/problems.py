"""What can be wrong with a file or a row, told by line and column: a person's data are in no message."""

from __future__ import annotations

from dataclasses import dataclass, field

from actions.words import Words


class Refused(Exception):
    """A cell, a row or a file can not be taken. `code` names the sentence in `words/importing.yml`."""

    def __init__(self, code: str, **gaps: object) -> None:
        super().__init__(code)
        self.code = code
        self.gaps = gaps


class FileWrong(Refused):
    """The file itself can not be read on; `line` is how far it was."""

    def __init__(self, code: str, line: int = 1, **gaps: object) -> None:
        super().__init__(code, **gaps)
        self.line = line


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where (`sheet` only in a workbook, `column` only where it is one), and what."""

    file: str
    line: int
    code: str
    column: str | None = None
    sheet: str | None = None
    gaps: dict[str, object] = field(default_factory=dict)

    def told(self, words: Words) -> str:
        """The problem as one line, in Chinese and in English."""
        where = f"{self.file}[{self.sheet}]" if self.sheet else self.file
        column = f"{self.column}: " if self.column else ""
        what = words.say(f"import_{self.code}", **self.gaps)
        return f"{where}:{self.line}: {column}{what}"
