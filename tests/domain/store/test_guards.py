"""The database itself refuses an overlap, whoever writes it: raw SQL from a second connection, off any grid."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DBAPIError

from actions.house import House
from domain.benefits import EntryKind
from domain.bookings import Booking, Status
from domain.errors import Exhausted, Taken
from tests.conftest import NOW

_COLUMNS = (
    'id, number, member_id, booked_by, service, channel, status, "begin", "end", key, created_at, provider_id, '
    "staff_id, staff_from, staff_until, room_id, amount, price_cents, occupies_member, private, hold_until, version"
)


def insert(
    connection, number, *, member, begin, minutes, staff=None, room=None, status="confirmed", occupies=True
):
    """One booking by raw SQL."""
    end = begin + timedelta(minutes=minutes)
    sqlite = connection.dialect.name == "sqlite"

    def moment(value):
        return (
            None if value is None else value.strftime("%Y-%m-%d %H:%M:%S.%f") if sqlite else value.isoformat()
        )

    connection.execute(
        text(
            f"INSERT INTO bookings ({_COLUMNS}) VALUES (:id, :id, :member, :member, 'x', 'home', :status, :b, :e, :id, :b, "
            "'p1', :staff, :sf, :su, :room, 1, 0, :occupies, :false, :hold, 1)"
        ),
        {
            "id": f"raw{number}",
            "member": member,
            "status": status,
            "b": moment(begin),
            "e": moment(end),
            "staff": staff,
            "sf": moment(begin) if staff else None,
            "su": moment(end) if staff else None,
            "room": room,
            "occupies": occupies,
            "false": False,
            "hold": moment(end) if status == "held" else None,
        },
    )


def second_connection(house: House):
    """An engine of its own: nothing of the store's checks is in its way."""
    engine = create_engine(house.store.url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda c, _: c.execute("PRAGMA foreign_keys=ON"))
    return engine


AT = datetime(2026, 12, 1, 7, 7, 13, tzinfo=UTC)


@pytest.mark.parametrize("status", ["held", "requested", "confirmed"])
def test_a_member_of_staff_is_never_in_two_places(house: House, status: str) -> None:
    engine = second_connection(house)
    with engine.begin() as connection:
        insert(connection, 1, member="mei", begin=AT, minutes=47, staff="s1", status=status)

    with pytest.raises(DBAPIError, match="guanjia: taken staff"), engine.begin() as connection:
        insert(connection, 2, member="stranger", begin=AT + timedelta(minutes=46), minutes=3, staff="s1")
    with engine.begin() as connection:
        insert(connection, 3, member="stranger", begin=AT + timedelta(minutes=47), minutes=3, staff="s1")
    engine.dispose()


def test_an_elder_is_never_in_two_places_but_a_meal_does_not_count(house: House) -> None:
    engine = second_connection(house)
    with engine.begin() as connection:
        insert(connection, 1, member="mei", begin=AT, minutes=60)

    with pytest.raises(DBAPIError, match="guanjia: taken member"), engine.begin() as connection:
        insert(connection, 2, member="mei", begin=AT - timedelta(minutes=5), minutes=6)
    with engine.begin() as connection:
        insert(connection, 3, member="mei", begin=AT - timedelta(minutes=5), minutes=6, occupies=False)
        insert(connection, 4, member="mei", begin=AT, minutes=60, status="cancelled")
    engine.dispose()


def test_a_room_of_three_takes_three_at_any_moment_and_no_more(house: House) -> None:
    """Three that do not all meet leave room for a fourth; a moment with three does not."""
    engine = second_connection(house)
    people = ["mei", "huan", "stranger", "life1", "life2"]
    with engine.begin() as connection:
        insert(connection, 1, member=people[0], begin=AT, minutes=31, room="r1")
        insert(
            connection,
            2,
            member=people[1],
            begin=AT + timedelta(minutes=7),
            minutes=31,
            room="r1",
            status="held",
        )
        insert(connection, 3, member=people[2], begin=AT + timedelta(minutes=33), minutes=31, room="r1")
        # At no moment of this one do all three others stand in the room.
        insert(connection, 4, member=people[3], begin=AT + timedelta(minutes=1), minutes=61, room="r1")

    with pytest.raises(DBAPIError, match="guanjia: taken room"), engine.begin() as connection:
        insert(connection, 5, member=people[4], begin=AT + timedelta(minutes=13), minutes=1, room="r1")
    with pytest.raises(DBAPIError, match="guanjia: taken room"), engine.begin() as connection:
        insert(connection, 6, member=people[4], begin=AT, minutes=600, room="r1")
    engine.dispose()


def test_moving_onto_somebody_is_refused_too(house: House) -> None:
    engine = second_connection(house)
    with engine.begin() as connection:
        insert(connection, 1, member="mei", begin=AT, minutes=30, staff="s1")
        insert(connection, 2, member="stranger", begin=AT + timedelta(hours=2), minutes=30, staff="s1")

    with pytest.raises(DBAPIError, match="guanjia: taken staff"), engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE bookings SET staff_from=(SELECT staff_from FROM bookings WHERE id='raw1') WHERE id='raw2'"
            )
        )
    engine.dispose()


def test_two_transactions_at_once_leave_one_winner(house: House) -> None:
    """Neither sees what the other has not committed; the guard makes the second wait and lose."""
    engine, outcomes = second_connection(house), []
    start = threading.Barrier(8)

    def try_it(number: int) -> None:
        start.wait()
        try:
            with engine.begin() as connection:
                if engine.dialect.name == "sqlite":
                    connection.exec_driver_sql("PRAGMA busy_timeout=10000")
                insert(connection, number, member=f"x{number}", begin=AT, minutes=30, staff="s1")
            outcomes.append("won")
        except DBAPIError:
            outcomes.append("lost")

    with engine.begin() as connection:
        for number in range(8):
            connection.execute(
                text("INSERT INTO persons (id, name, role, notes) VALUES (:i, 'x', 'member', '{}')"),
                {"i": f"x{number}"},
            )
    threads = [threading.Thread(target=try_it, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["lost"] * 7 + ["won"]
    engine.dispose()


@pytest.mark.parametrize("statement", ["UPDATE entries SET amount = 9", "DELETE FROM entries"])
def test_the_ledger_is_append_only(house: House, statement: str) -> None:
    with house.store.write() as unit:
        grant = unit.benefits.entitlements("mei", house.today())[0].grant
        unit.benefits.post(EntryKind.HOLD, grant.id, 1, key="k", at=NOW)
    engine = second_connection(house)

    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_a_balance_never_falls_below_zero_and_a_repeat_is_harmless(house: House) -> None:
    with house.store.write() as unit:
        grant = unit.benefits.entitlements("mei", house.today())[0].grant
        for _ in range(2):
            unit.benefits.post(EntryKind.HOLD, grant.id, 3, key="once", at=NOW)

    with pytest.raises(Exhausted), house.store.write() as unit:
        unit.benefits.post(EntryKind.HOLD, grant.id, 1, key="more", at=NOW)
    with house.store.read() as unit:
        balance = unit.benefits.balance(grant.id)
        assert (balance.allowed, balance.held, balance.used, balance.left) == (3, 3, 0, 0)


def test_the_store_names_what_is_taken(house: House) -> None:
    def booking(number: int) -> Booking:
        return Booking(
            id=f"b{number}",
            number=f"N{number}",
            member_id="mei",
            booked_by="mei",
            service="assisted_bathing",
            channel="home",
            status=Status.CONFIRMED,
            begin=NOW,
            end=NOW + timedelta(hours=1),
            key=f"k{number}",
            created_at=NOW,
            provider_id="p1",
        )

    with house.store.write() as unit:
        unit.bookings.add(booking(1))

    with pytest.raises(Taken, match="member"), house.store.write() as unit:
        unit.bookings.add(booking(2))
