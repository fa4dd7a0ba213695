"""What kind of thing a word is: 油烟机 and 窗帘 are things of a household, 尿管 and 造口袋 are tubes and devices.

The classifier has no pretrained Chinese to know that from, so it is told by lists (`data/concepts/<class>.txt`, one
word a line). A word may be of several kinds; the longest word at a place counts, and shorter ones inside it do not.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

_FOLDER = Path(__file__).parent / "data" / "concepts"
_MOST = 9


@cache
def kinds() -> dict[str, tuple[str, ...]]:
    """Every word of the lists with its kinds, in the order of their names."""
    found: dict[str, list[str]] = {}
    for path in sorted(_FOLDER.glob("*.txt")):
        for word in path.read_text(encoding="utf-8").split():
            found.setdefault(word, []).append(path.stem)
    return {word: tuple(dict.fromkeys(names)) for word, names in found.items()}


@cache
def _longest() -> int:
    return max((len(word) for word in kinds()), default=0)


def concepts_of(text: str) -> list[tuple[str, ...]]:
    """The kinds of each listed word in the text, in the order in which they are said."""
    known, found, start = kinds(), [], 0
    while start < len(text):
        for length in range(min(_longest(), len(text) - start), 0, -1):
            names = known.get(text[start : start + length])
            if names:
                found.append(names)
                start += length
                break
        else:
            start += 1
    return found


def marks(text: str) -> list[str]:
    """What the classifier is told: each kind, each pair of kinds in a sentence, and which follows which."""
    said = concepts_of(text)
    names = sorted({name for names in said for name in names})
    pairs = [f"{one}+{other}" for one, other in combinations(names[:_MOST], 2)]
    steps = [f"{one[0]}>{other[0]}" for one, other in pairwise(said)]
    return names + pairs + steps
