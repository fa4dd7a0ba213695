"""Entities from the word lists of `nlu.zh`: services, relations, channels, cities, roles, ratings, and times."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.zh import lexicon, times

# Only the phrase is taken here; what it means is reckoned by the butler, who knows what time it is.
_ANY_NOW = datetime(2026, 1, 5, 9, 0, tzinfo=timezone(timedelta(hours=8)))


def entities_of(text: str) -> list[dict[str, Any]]:
    """What the word lists find in a text, as Rasa writes entities (offsets in code points, end exclusive)."""
    found = [
        {"entity": m.entity, "value": m.value, "start": m.start, "end": m.end} for m in lexicon.find(text)
    ]
    found += [
        {"entity": "time", "value": t.text, "start": t.start, "end": t.end}
        for t in times.find(text, _ANY_NOW)
    ]
    return [{**each, "confidence_entity": 1.0, "extractor": "WordLists"} for each in found]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class WordLists(GraphComponent):
    """Finds entities by word lists; nothing is learned, so nothing is found by chance."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> WordLists:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            if not text.startswith("/"):
                message.set(ENTITIES, message.get(ENTITIES, []) + entities_of(text), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The featurizer behind this one learns from the same entities."""
        return training_data
