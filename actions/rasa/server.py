"""The action endpoint: rasa-sdk's executor over the actions of this house."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from actions.house import House
from actions.rasa import later
from actions.rasa.doing import keep
from actions.rasa.turn import Event, Turn, slot

log = structlog.get_logger()
Work = Callable[[Turn], list[Event]]


class Act(Action):  # type: ignore[misc]
    """One custom action: a function of a turn, run in one transaction with the words it says."""

    def __init__(self, house: House, name: str, work: Work) -> None:
        self._house, self._name, self._work = house, name, work

    def name(self) -> str:
        return self._name

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Event]:
        return await asyncio.to_thread(self._run, dispatcher, tracker)

    def _run(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[Event]:
        with self._house.store.write() as unit:
            conversation = unit.conversations.get(tracker.sender_id)
            actor = unit.people.get(conversation.person_id) if conversation else None
            if conversation is None or actor is None:
                log.warning("action_without_conversation", action=self._name)
                return []
            turn = Turn(
                house=self._house,
                unit=unit,
                conversation=conversation,
                actor=actor,
                action=self._name,
                heard=tracker.latest_message or {},
                slots=tracker.slots,
                loop=(tracker.active_loop or {}).get("name"),
            )
            events = self._work(turn)
            events = [*events, *later.after(turn, events)]
            keep(turn, events)
        for text in turn.said:
            dispatcher.utter_message(text=text)
        if turn.slots.get("misses") and not self._name.startswith(
            ("action_clarify", "validate", "action_ask")
        ):
            events = [*events, slot("misses", 0)]
        return events


def executor(house: House, works: Mapping[str, Work]) -> ActionExecutor:
    """An executor that knows these actions by name."""
    made = ActionExecutor()
    for name, work in works.items():
        made.register_action(Act(house, name, work))
    return made
