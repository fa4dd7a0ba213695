"""Keeps the interpreter's own pauses short."""

from __future__ import annotations

import gc


def settle() -> None:
    """What has been loaded for good is not looked through again.

    A full collection looks at everything that lives, and everybody waits: a tenth of a second for what the program
    itself is made of, several times a minute under load. To be called once, when everything stands.
    """
    gc.collect()
    gc.freeze()
