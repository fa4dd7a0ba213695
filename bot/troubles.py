"""What can go wrong on a machine, each as one clear sentence with what to do."""

from __future__ import annotations

import errno

from bot.rasa_client import RasaAway
from bot.settings import BadSetting
from domain.store.failures import explained
from domain.store.migrate import NewerDatabase


class Trouble(Exception):
    """Something that a person can mend; its text says how."""


def explain(error: BaseException) -> str | None:
    """The sentence for an error, or None where it is a mistake of ours."""
    if isinstance(error, Trouble | BadSetting):
        return str(error)
    if isinstance(error, NewerDatabase):
        return (
            f"the database was made by a newer version of guanjia (revision {error}); "
            "update this checkout, or point GUANJIA_DATABASE_URL to another database"
        )
    if isinstance(error, RasaAway):
        return "Rasa does not answer; var/log/rasa.log says why"
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "the disk is full; make room and start again"
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return "the port is taken; choose another one with PORT=8081 make run"
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
        return f"this cannot be written to: {error.filename}"
    if isinstance(error, FileNotFoundError | NotADirectoryError) and error.filename:
        return f"this cannot be made, or is not there: {error.filename}; see GUANJIA_HOME"
    return explained(error)
