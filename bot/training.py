"""Training Rasa's model, only when what it is trained from has changed: a digest lies beside the model."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from bot.settings import Settings
from bot.troubles import Trouble


def sources(settings: Settings) -> Iterator[Path]:
    """What a model depends on: the pipeline, the domain, rules and sentences, our components, the word lists."""
    nlu = settings.home / "nlu"
    yield from (nlu / "config.yml", nlu / "domain.yml", nlu / "requirements.lock")
    for folder, kinds in (
        ("data", ("*.yml",)),
        ("components", ("*.py",)),
        ("zh", ("*.py", "*.json", "*.txt")),
    ):
        for kind in kinds:
            yield from sorted((nlu / folder).rglob(kind))


def digest(settings: Settings) -> str:
    """One number over all sources."""
    total = hashlib.sha256()
    for path in sources(settings):
        total.update(path.relative_to(settings.home).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def model_path(settings: Settings) -> Path:
    return settings.var / "models" / "guanjia.tar.gz"


def is_trained(settings: Settings) -> bool:
    """Whether there is a model of just these sources."""
    mark = model_path(settings).with_suffix(".digest")
    return model_path(settings).exists() and mark.exists() and mark.read_text() == digest(settings)


def train(settings: Settings) -> bool:
    """Train if need be; True where it was. Raises Trouble where training fails."""
    if is_trained(settings):
        return False
    model = model_path(settings)
    model.parent.mkdir(parents=True, exist_ok=True)
    wanted, log = digest(settings), settings.var / "log" / "train.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    nlu = settings.home / "nlu"
    command = [
        str(nlu / ".venv/bin/python"),
        "-m",
        "rasa",
        "train",
        "--config",
        "config.yml",
        "--domain",
        "domain.yml",
        "--data",
        "data",
        "--out",
        str(model.parent),
        "--fixed-model-name",
        "guanjia.tar.gz",
        # Rasa's cache does not see that the code of our components changed; the digest does.
        "--force",
    ]
    environment = {
        **os.environ,
        "PYTHONPATH": str(settings.home),
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    with log.open("wb") as out:
        done = subprocess.run(command, cwd=nlu, env=environment, stdout=out, stderr=out, check=False)
    if done.returncode != 0:
        raise Trouble(f"the model could not be trained; {log} says why")
    model.with_suffix(".digest").write_text(wanted)
    return True
