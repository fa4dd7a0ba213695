"""Files that people send, as they lie on disk under the folder of data: named by us, whole, readable by nobody else."""

from __future__ import annotations

import os
from pathlib import Path

_ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "audio/ogg": ".ogg",
    "audio/webm": ".webm",
    "audio/mp4": ".m4a",
}


def ending(kind: str | None) -> str:
    """How the name of a file of this type ends; nothing where that is not known."""
    return _ENDINGS.get(kind or "", "")


def place_of(folder: Path, path: str) -> Path:
    """Where a file lies. Raises ValueError for a path that leads out of the folder of data."""
    place = (folder / path).resolve()
    if not place.is_relative_to(folder.resolve()):
        raise ValueError("a path that leads out of the house")
    return place


def there(folder: Path, path: str) -> Path | None:
    """Where a file lies; None where it is not there, or the path leads elsewhere."""
    try:
        place = place_of(folder, path)
    except ValueError:
        return None
    return place if place.is_file() else None


def write(folder: Path, path: str, body: bytes) -> None:
    """Write a file whole and through to the disk, before its row is: a cut leaves none that is half, and loses none."""
    place = place_of(folder, path)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = place.with_suffix(".part")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(body)
        out.flush()
        os.fsync(out.fileno())
    half.replace(place)
    folder_number = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder_number)
    finally:
        os.close(folder_number)
