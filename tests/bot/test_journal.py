"""The journal of cries: what a cut or a full disk leaves half spoils no other line, and no start."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.journal import Cry, Journal

FIRST, SECOND = Cry("k1", "mei", "web", "我摔倒了"), Cry("k2", "mei", "web", "喘不上\u2028气")


@pytest.mark.parametrize("cut", [1, 3, 4, 5, 20])
def test_a_line_that_was_cut_off_spoils_no_other(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "journal.jsonl"
    Journal(path).note(FIRST)
    os.truncate(path, path.stat().st_size - cut)
    journal = Journal(path)
    journal.note(SECOND)

    whole = [FIRST] if cut == 1 else []
    assert list(Journal(path).open()) == [*whole, SECOND]


def test_a_line_that_was_not_written_whole_is_no_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, write = Journal(tmp_path / "journal.jsonl"), os.write
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda number, line: write(number, line[:20]))
        with pytest.raises(OSError, match="No space left"):
            journal.note(FIRST)
    journal.note(SECOND)

    assert list(journal.open()) == [SECOND]
