"""Offers of benefits that are about to lapse, where whoever hears of them has quiet windows or wishes of their own."""

from __future__ import annotations

from actions.house import House
from actions.lapse import hearer_of, offer
from actions.remind_hand import Said, Standing
from domain.reminders import Instance, Rule
from domain.sending import Reason
from domain.store import Unit
from domain.store.lapses import Row


class OfferHand:
    """An offer that was put off; what is left and what is free is looked up when it is said."""

    def standing(self, house: House, unit: Unit, rule: Rule, instance: Instance) -> Standing:
        holder = unit.people.get(rule.person_id)
        hearer = hearer_of(house, unit, holder) if holder is not None else None
        return Standing(
            over=None if self._left(house, unit, rule) else Reason.DONE,
            consents=hearer is not None and hearer[0].id == instance.person_id,
            wanted=not unit.reminders.notices(instance.person_id).fewer,
        )

    def _left(self, house: House, unit: Unit, rule: Rule) -> list[Row]:
        rows = unit.lapses.of_grants(rule.detail["grants"].split(","))
        return [row for row in rows if row[2].left > 0 and row[0].ends_before > house.today()]

    def words(self, house: House, unit: Unit, rule: Rule, instance: Instance) -> Said | None:
        holder = unit.people.get(rule.person_id)
        assert holder is not None
        hearer = hearer_of(house, unit, holder)
        assert hearer is not None
        return offer(house, unit, holder, hearer[1], self._left(house, unit, rule))

    def after(self, house: House, unit: Unit, rule: Rule, instance: Instance, reason: Reason | None) -> None:
        """Said or not, it is over."""
        if rule.ended_at is None:
            unit.reminders.end(rule, Reason.DONE, house.now())
