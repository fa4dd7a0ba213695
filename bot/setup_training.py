"""Trains the model in a process that shows that it is alive."""

from __future__ import annotations

import sys
import threading

from bot.settings import load
from bot.training import train
from bot.troubles import explain


def main() -> int:
    """0 where there is a model of today's data."""
    ended = threading.Event()

    def dots() -> None:
        while not ended.wait(5):
            print(".", end="", flush=True)

    threading.Thread(target=dots, daemon=True).start()
    try:
        train(load())
    except Exception as error:
        sentence = explain(error)
        if sentence is None:
            raise
        print(f"\nsetup: {sentence}", file=sys.stderr)
        return 1
    finally:
        ended.set()
    print(flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
