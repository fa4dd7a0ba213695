"""How a delivery goes on after it failed."""

from __future__ import annotations

from datetime import timedelta

from domain.doors import MOST_UNKNOWN, TOO_OLD, Delivery, DeliveryState
from tests.conftest import NOW


def fresh() -> Delivery:
    return Delivery(message_id=1, account_id="a", lane=0, due_at=NOW)


def test_a_pause_that_the_door_named_is_no_failure() -> None:
    delivery = fresh()

    for _ in range(100):
        delivery.again(NOW, "429", timedelta(seconds=7))

    assert (delivery.state, delivery.attempts) == (DeliveryState.QUEUED, 0)
    assert delivery.due_at == NOW + timedelta(seconds=7)


def test_trouble_is_waited_out_with_growing_pauses_until_the_words_are_too_old() -> None:
    delivery, moment, pauses = fresh(), NOW, []
    while delivery.state is not DeliveryState.FAILED:
        delivery.failed(moment, "502", since=NOW)
        pauses.append(delivery.due_at - moment)
        moment = delivery.due_at

    assert pauses[:4] == [timedelta(seconds=s) for s in (1, 2, 4, 8)]
    assert max(pauses) == timedelta(minutes=5)
    assert moment - NOW > TOO_OLD
    assert delivery.reason == "502"


def test_what_may_have_arrived_is_not_tried_for_ever() -> None:
    delivery = fresh()
    for _ in range(MOST_UNKNOWN):
        assert delivery.state is DeliveryState.QUEUED
        delivery.unsure(NOW, "cut")

    assert (delivery.state, delivery.unknown) == (DeliveryState.FAILED, MOST_UNKNOWN)


def test_pieces_that_are_out_are_remembered_until_the_door_has_a_number_for_all() -> None:
    delivery = fresh()
    delivery.parts_out = 0
    assert (delivery.external_id, delivery.parts_out) == (None, 0)
    delivery.parts_out = 2
    assert delivery.parts_out == 2

    delivery.sent("77", NOW)

    assert (delivery.external_id, delivery.parts_out) == ("77", 0)
