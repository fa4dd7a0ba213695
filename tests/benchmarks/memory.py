"""How much memory a process has had."""

from __future__ import annotations

from pathlib import Path


def peak_mb() -> float:
    """The most that this process has had at once, in MB: the kernel's high-water mark of its own memory.

    `getrusage` would do for a process that nobody started: its figure begins with that of the parent.
    """
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the kernel does not tell")
