"""What the database itself refuses: overlapping bookings, and a ledger that is rewritten.

A booking stands on up to three things: a member of staff (travel included), a room with a capacity, and the
elder. The most that stand on one thing at one moment is reached at some booking's beginning, so it is enough
to count at the new booking's beginning and at every beginning inside it. On SQLite writers are serial. On
PostgreSQL a trigger does not see what others have not committed, so it first updates one row of `occupants`
for each thing: that makes rivals wait, and makes the loser fail under stricter isolation.
"""

from __future__ import annotations

from domain.bookings import OCCUPYING

TAKEN = "guanjia: taken"
APPEND_ONLY = "guanjia: append-only"
_STATES = ", ".join(f"'{s}'" for s in OCCUPYING)
# column, begin, end, capacity, the condition under which the new row stands on it; in the fixed order of locks
_THINGS = (
    (
        "staff",
        "staff_id",
        "staff_from",
        "staff_until",
        "1",
        "NEW.staff_id IS NOT NULL",
        "staff_id IS NOT NULL",
    ),
    (
        "room",
        "room_id",
        '"begin"',
        '"end"',
        "(SELECT capacity FROM rooms WHERE id = NEW.room_id)",
        "NEW.room_id IS NOT NULL",
        "room_id IS NOT NULL",
    ),
    ("member", "member_id", '"begin"', '"end"', "1", "NEW.occupies_member", "occupies_member"),
)


def _full(column: str, begin: str, end: str, capacity: str, standing: str) -> str:
    """True where some moment of the new booking finds the thing already full."""
    return f"""EXISTS (
      SELECT 1 FROM (
        SELECT NEW.{begin} AS at
        UNION SELECT o.{begin} FROM bookings o
          WHERE o.{column} = NEW.{column} AND o.id <> NEW.id AND o.status IN ({_STATES}) AND o.{standing}
            AND o.{begin} >= NEW.{begin} AND o.{begin} < NEW.{end}
      ) moments
      WHERE (SELECT count(*) FROM bookings b
          WHERE b.{column} = NEW.{column} AND b.id <> NEW.id AND b.status IN ({_STATES}) AND b.{standing}
            AND b.{begin} <= moments.at AND b.{end} > moments.at) >= {capacity})"""


def sqlite() -> list[str]:
    """Statements that set the guards up on SQLite."""
    made = []
    for event in ("INSERT", "UPDATE"):
        checks = [
            f"WHEN {new} AND {_full(column, begin, end, capacity, standing)} THEN RAISE(ABORT, '{TAKEN} {kind}')"
            for kind, column, begin, end, capacity, new, standing in _THINGS
        ]
        made.append(
            f"CREATE TRIGGER bookings_no_overlap_{event.lower()} BEFORE {event} ON bookings\n"
            f"WHEN NEW.status IN ({_STATES})\nBEGIN SELECT CASE {' '.join(checks)} END; END"
        )
        if event == "UPDATE":
            made.append(_stays_sqlite("entries", "UPDATE"))
    made.append(_stays_sqlite("entries", "DELETE"))
    return made


_STAYS_SQLITE = f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"


def _stays_sqlite(table: str, event: str) -> str:
    return f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} {_STAYS_SQLITE}"


def _only_added_sqlite(*tables: str) -> list[str]:
    """Rows of these tables are neither changed nor taken away."""
    return [_stays_sqlite(table, event) for table in tables for event in ("UPDATE", "DELETE")]


def _refusing_postgresql(name: str) -> str:
    """The function that a guard's triggers call."""
    return f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '{APPEND_ONLY}';
END $$"""


def _only_added_postgresql(function: str, *tables: str) -> list[str]:
    """The same, by a function that is there already."""
    return [
        f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {function}()"""
        for table in tables
    ]


# What was noted of a visit stays; another time is a correction, in a table of its own.
_NOTED = ("arrived_at", "began_at", "ended_at")


def visits_sqlite() -> list[str]:
    """Statements for SQLite: a visit's history is only added to, and what was noted of it stays."""
    changed = " OR ".join(f"(OLD.{c} IS NOT NULL AND NEW.{c} IS NOT OLD.{c})" for c in _NOTED)
    return [
        *_only_added_sqlite("visit_events"),
        f"CREATE TRIGGER visits_noted_stays BEFORE UPDATE ON visits WHEN {changed} {_STAYS_SQLITE}",
    ]


def visits_postgresql() -> list[str]:
    """The same for PostgreSQL."""
    changed = " OR ".join(f"(OLD.{c} IS NOT NULL AND NEW.{c} IS DISTINCT FROM OLD.{c})" for c in _NOTED)
    return [
        _refusing_postgresql("visits_append_only"),
        *_only_added_postgresql("visits_append_only", "visit_events"),
        f"""CREATE TRIGGER visits_noted_stays BEFORE UPDATE ON visits
FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION visits_append_only()""",
    ]


# A rule of reminders is never changed but by its end, and ends once; its attempts are only added to.
_RULE = "id, series, version, kind, person_id, created_at, created_by, detail"


def reminders_sqlite() -> list[str]:
    """Statements for SQLite: rules of reminders stay as they were made, and so do attempts and changes."""
    return [
        f"CREATE TRIGGER reminder_rules_stay BEFORE UPDATE OF {_RULE} ON reminder_rules {_STAYS_SQLITE}",
        f"CREATE TRIGGER reminder_rules_end BEFORE UPDATE ON reminder_rules WHEN OLD.ended_at IS NOT NULL {_STAYS_SQLITE}",
        *_only_added_sqlite("reminder_attempts", "notice_changes"),
    ]


def reminders_postgresql() -> list[str]:
    """The same for PostgreSQL."""
    stays = "EXECUTE FUNCTION reminders_append_only()"
    return [
        _refusing_postgresql("reminders_append_only"),
        f"CREATE TRIGGER reminder_rules_stay BEFORE UPDATE OF {_RULE} ON reminder_rules FOR EACH ROW {stays}",
        f"""CREATE TRIGGER reminder_rules_end BEFORE UPDATE ON reminder_rules
FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL) {stays}""",
        *_only_added_postgresql("reminders_append_only", "reminder_attempts", "notice_changes"),
    ]


def incidents_sqlite() -> list[str]:
    """Statements for SQLite: the record of a danger is only added to."""
    return _only_added_sqlite("incident_lines")


def incidents_postgresql() -> list[str]:
    """The same for PostgreSQL."""
    name = "incidents_append_only"
    return [_refusing_postgresql(name), *_only_added_postgresql(name, "incident_lines")]


def surveys_sqlite() -> list[str]:
    """Statements for SQLite: what somebody answered stays; another answer is another row."""
    return _only_added_sqlite("survey_answers")


def surveys_postgresql() -> list[str]:
    """The same for PostgreSQL."""
    name = "surveys_append_only"
    return [_refusing_postgresql(name), *_only_added_postgresql(name, "survey_answers")]


# A version of a broadcast is never changed but in its state; its events are only added to.
_VERSION = "id, series, version, title, text, audience, author_id, created_at, useful_minutes, send_at, rule"


def broadcasts_sqlite() -> list[str]:
    """Statements for SQLite: the words of a broadcast and whom they are for stay as they were written."""
    return [
        f"CREATE TRIGGER broadcasts_stay BEFORE UPDATE OF {_VERSION} ON broadcasts {_STAYS_SQLITE}",
        *_only_added_sqlite("broadcast_events"),
    ]


def broadcasts_postgresql() -> list[str]:
    """The same for PostgreSQL."""
    name = "broadcasts_append_only"
    return [
        _refusing_postgresql(name),
        f"CREATE TRIGGER broadcasts_stay BEFORE UPDATE OF {_VERSION} ON broadcasts FOR EACH ROW EXECUTE FUNCTION {name}()",
        *_only_added_postgresql(name, "broadcast_events"),
    ]


def trail_sqlite() -> list[str]:
    """Statements for SQLite: the desk's trail is only added to."""
    return _only_added_sqlite("desk_acts")


def trail_postgresql() -> list[str]:
    """The same for PostgreSQL."""
    name = "trail_append_only"
    return [_refusing_postgresql(name), *_only_added_postgresql(name, "desk_acts")]


def answers_sqlite() -> list[str]:
    """Statements for SQLite: a version of a ready answer stays as it was written."""
    return _only_added_sqlite("ready_answers")


def answers_postgresql() -> list[str]:
    """The same for PostgreSQL."""
    name = "answers_append_only"
    return [_refusing_postgresql(name), *_only_added_postgresql(name, "ready_answers")]


def postgresql() -> list[str]:
    """Statements that set the guards up on PostgreSQL."""
    checks = "\n".join(
        f"""  IF {new} THEN
    INSERT INTO occupants (kind, id, version) VALUES ('{kind}', NEW.{column}, 1)
      ON CONFLICT (kind, id) DO UPDATE SET version = occupants.version + 1;
    IF {_full(column, begin, end, capacity, standing)} THEN
      RAISE EXCEPTION '{TAKEN} {kind}' USING ERRCODE = 'exclusion_violation';
    END IF;
  END IF;"""
        for kind, column, begin, end, capacity, new, standing in _THINGS
    )
    return [
        f"""CREATE FUNCTION bookings_no_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
{checks}
  RETURN NEW;
END $$""",
        f"""CREATE TRIGGER bookings_no_overlap BEFORE INSERT OR UPDATE ON bookings
FOR EACH ROW WHEN (NEW.status IN ({_STATES})) EXECUTE FUNCTION bookings_no_overlap()""",
        _refusing_postgresql("entries_append_only"),
        *_only_added_postgresql("entries_append_only", "entries"),
    ]
