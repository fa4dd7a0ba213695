"""Data from outside: members, families, plans, grants, providers, sites, staff, certificates, from CSV and XLSX."""

from __future__ import annotations

from actions.importing.problems import FileWrong, Problem, Refused
from actions.importing.run import Listener, Outcome, Progress, import_files
from actions.importing.sheets import Sheet, sheets
from actions.importing.template import template

__all__ = [
    "FileWrong",
    "Listener",
    "Outcome",
    "Problem",
    "Progress",
    "Refused",
    "Sheet",
    "import_files",
    "sheets",
    "template",
]
