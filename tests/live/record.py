"""Writes what is answered now into the dialogues that have no answers yet: `python -m tests.live.record`.

For those who add dialogues. What it writes is to be read before it is committed: it is what the butler says, not
what it should say.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
import yaml

from tests.live.conftest import Butler, _apart
from tests.live.talk import FOLDER, play


class _Text(str):
    """A sentence that YAML writes in quotes."""

    __slots__ = ()


def main() -> None:
    patch = pytest.MonkeyPatch()
    with tempfile.TemporaryDirectory() as folder:
        patch.setattr("bot.rasa_child.environment", _apart(Path(folder)))
        butler = Butler(Path(folder))
        butler.start()
        for path in sorted(FOLDER.glob("*.yml")):
            head = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
            found = yaml.safe_load(path.read_text(encoding="utf-8"))
            for dialogue in found.values():
                if any("hear" not in turn for turn in dialogue["turns"]):
                    dialogue["turns"] = [{**turn, "hear": hear} for turn, hear in play(butler, dialogue)]
            body = yaml.safe_dump(found, allow_unicode=True, sort_keys=False, width=1000)
            path.write_text("\n".join([*head, body]), encoding="utf-8")
        butler.stop()


if __name__ == "__main__":
    main()
