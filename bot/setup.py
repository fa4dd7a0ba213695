"""Sets a checkout up: uv, both environments, the model. Standard library only, for any Python from 3.11.

Run as `python3 -m bot.setup`. Steps already done are not done again: each leaves a mark with the digest of what
it was made from.
"""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV, RASA_VENV = ROOT / ".venv", ROOT / "nlu" / ".venv"
NO_RASA_PYTHON = (
    "Rasa needs a Python 3.10 and none was found or could be fetched: install one "
    "(`uv python install 3.10`, `pyenv install 3.10`, or your system's python3.10 package) and run `make setup` again."
)
NO_PACKAGES = "the packages could not be installed; is PyPI reachable? (the lines above say which)"
NO_UV = (
    "uv could not be installed with pip; is PyPI reachable? (or install uv yourself and put it on the PATH)"
)


class Stuck(Exception):
    """A step that cannot go on; its text says what to do."""


def main() -> int:
    """All steps; 0 where everything is set up."""
    try:
        uv = find_uv()
        butler_environment(uv)
        rasa_environment(uv)
        model()
    except Stuck as stuck:
        print(f"setup: {stuck}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"setup: {error.strerror}: {error.filename}", file=sys.stderr)
        return 1
    return 0


def step(what: str) -> None:
    print(f"setup: {what}", flush=True)


def run(command: list[str], otherwise: str, **environment: str) -> None:
    """Run a command that shows its own progress. Raises Stuck."""
    if subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode != 0:
        raise Stuck(otherwise)


def digest(*paths: Path) -> str:
    """What a step was made from."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def is_done(mark: Path, wanted: str) -> bool:
    return mark.exists() and mark.read_text() == wanted


def find_uv() -> list[str]:
    """The command of uv: on the PATH, or in the butler's environment, put there by pip where it is missing."""
    found = shutil.which("uv")
    if found:
        return [found]
    own = VENV / "bin" / "uv"
    if not own.exists():
        step("getting uv")
        run([sys.executable, "-m", "venv", str(VENV)], "python3 has no venv; install it (python3-venv)")
        run([str(VENV / "bin/python"), "-m", "pip", "install", "--quiet", "uv"], NO_UV)
    return [str(own)]


def butler_environment(uv: list[str]) -> None:
    """The butler's environment: the locked packages, and this checkout itself."""
    wanted = digest(ROOT / "requirements.lock", ROOT / "pyproject.toml")
    mark = VENV / "guanjia.done"
    if is_done(mark, wanted):
        return
    step("the butler's environment (.venv)")
    if not (VENV / "bin/python").exists():
        run([*uv, "venv", "--quiet", "--python", sys.executable, str(VENV)], NO_PACKAGES)
    keep = uv[0] == str(VENV / "bin" / "uv")
    install = ["pip", "install" if keep else "sync", "--require-hashes"]
    files = ["-r", "requirements.lock"] if keep else ["requirements.lock"]
    run([*uv, *install, "--python", str(VENV / "bin/python"), *files], NO_PACKAGES)
    run(
        [*uv, "pip", "install", "--quiet", "--python", str(VENV / "bin/python"), "--no-deps", "-e", "."],
        NO_PACKAGES,
    )
    mark.write_text(wanted)


def rasa_environment(uv: list[str]) -> None:
    """Rasa's environment on Python 3.10."""
    wanted = digest(ROOT / "nlu" / "requirements.lock")
    mark = RASA_VENV / "guanjia.done"
    if is_done(mark, wanted):
        return
    python = next(pythons(), None)
    if python is None:
        step("fetching a Python 3.10 for Rasa")
        done = subprocess.run([*uv, "python", "install", "3.10"], cwd=ROOT, check=False)
        if done.returncode != 0:
            raise Stuck(NO_RASA_PYTHON)
        python = "3.10"
    step("Rasa's environment (nlu/.venv), 2.5 GB")
    if not (RASA_VENV / "bin/python").exists():
        run([*uv, "venv", "--quiet", "--python", python, str(RASA_VENV)], NO_RASA_PYTHON)
    run(
        [
            *uv,
            "pip",
            "sync",
            "--require-hashes",
            "--python",
            str(RASA_VENV / "bin/python"),
            "nlu/requirements.lock",
        ],
        NO_PACKAGES,
    )
    mark.write_text(wanted)


def pythons() -> Iterator[str]:
    """Interpreters of 3.10 on this machine that really run: uv's own, pyenv's, the system's.

    pyenv's shims are passed over: they answer for whatever version is active, and fail for another.
    """
    home = Path.home()
    uv_data = Path(os.environ.get("XDG_DATA_HOME", str(home / ".local/share")))
    candidates = glob.glob(str(uv_data / "uv/python/cpython-3.10*/bin/python3.10"))
    pyenv = os.environ.get("PYENV_ROOT", str(home / ".pyenv"))
    candidates += sorted(glob.glob(f"{pyenv}/versions/3.10.*/bin/python3.10"), reverse=True)
    candidates += [found for found in (shutil.which("python3.10"),) if found]
    for candidate in candidates:
        probe = subprocess.run(
            [candidate, "-c", "import sys, ssl; print(sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=False,
        )
        if probe.returncode == 0 and probe.stdout.strip() == "(3, 10)":
            yield candidate


def model() -> None:
    """Rasa's model, trained again only when what it is trained from has changed."""
    began = time.monotonic()
    check = "from bot.settings import load; from bot.training import is_trained; raise SystemExit(not is_trained(load()))"
    python = str(VENV / "bin/python")
    if subprocess.run([python, "-c", check], cwd=ROOT, check=False).returncode == 0:
        return
    step("training the model (about three minutes; var/log/train.log)")
    run([python, "-m", "bot.setup_training"], "the model could not be trained; var/log/train.log says why")
    step(f"trained in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
