"""Which intent a sentence has: linear, over several views of it.

The views: characters as said; characters with each entity as one mark (「约SVC，TIME」 is the same wish whatever the
service and the day); syllables without tones, with what southern speech does not tell apart merged (a recogniser
writes 陪诊 in many ways); the kinds of things that are named (`nlu.zh.concepts`); and signs of the word lists. A linear
support vector machine learns that in some seconds and generalises better from some ten thousand short sentences than
the transformer that Rasa has for it, which has no pretrained Chinese to start from here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import joblib
import numpy as np
import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from nlu.components.wishes import second_wish
from nlu.zh import concepts, lexicon, times
from nlu.zh.signs import signs_of
from nlu.zh.sounds import as_meant, heard

_MARKS = {"service": "S", "person": "P", "channel": "C", "city": "Y", "role": "R", "rating": "G"}
_ANY_NOW = datetime(2026, 1, 5, 9, 0, tzinfo=timezone(timedelta(hours=8)))


def marked(text: str) -> str:
    """The sentence with a mark for each entity (times as T, recurring ones as E), and its two ends."""
    spans = [(m.start, m.end, _MARKS[m.entity]) for m in lexicon.find(text)]
    spans += [(t.start, t.end, "E" if t.kind == "recurring" else "T") for t in times.find(text, _ANY_NOW)]
    out, last = [], 0
    for start, end, mark in sorted(spans):
        if start >= last:
            out += [text[last:start], mark]
            last = end
    return f"^{''.join(out)}{text[last:]}$"


def _views() -> list[tuple[Callable[[str], Any], TfidfVectorizer, float]]:
    """Each view: what is made of a sentence, how it is counted, and how much it weighs. Words met once say nothing."""
    grams: dict[str, Any] = {"sublinear_tf": True, "min_df": 2}
    return [
        (_as_it_is, TfidfVectorizer(analyzer="char", ngram_range=(1, 3), **grams), 1.0),
        (marked, TfidfVectorizer(analyzer="char", ngram_range=(1, 4), lowercase=False, **grams), 1.0),
        (heard, TfidfVectorizer(tokenizer=str.split, token_pattern=None, ngram_range=(1, 3), **grams), 0.7),
        (_as_it_is, TfidfVectorizer(analyzer=concepts.marks, **grams), 0.6),
    ]


def _as_it_is(text: str) -> str:
    return text


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """Learns intents from raw and marked characters. `sharpness` makes margins into shares that add up to one."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"C": 0.8, "signs_weight": 0.1, "sharpness": 3.0, "ranking_length": 10, "evenness": 0.5}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._counters = [counter for _, counter, _ in _views()]
        self._machine = LinearSVC(C=config["C"], dual=True, random_state=7)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from every sentence that has an intent."""
        examples = [m for m in training_data.intent_examples if m.get(TEXT)]
        texts = [as_meant(m.get(TEXT)) for m in examples]
        intents = [m.get(INTENT) for m in examples]
        for (view, _, _), counter in zip(_views(), self._counters, strict=True):
            counter.fit([view(text) for text in texts])
        self._machine.set_params(class_weight=self._weights(intents))
        self._machine.fit(self._features(texts), intents)
        with self._storage.write_to(self._resource) as folder:
            joblib.dump((self._counters, self._machine), folder / "intents.joblib")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        made = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            made._counters, made._machine = joblib.load(folder / "intents.joblib")
        return made

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text:
                self._understand(message, text)
        return messages

    def _understand(self, message: Message, text: str) -> None:
        other = second_wish(text, lambda part: self._ranking(part)[0])
        ranking = self._ranking(text if other is None else other["lead"]["text"])
        message.set("intent", ranking[0], add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        if other is not None:
            message.set("also", other, add_to_output=True)

    def _ranking(self, text: str) -> list[dict[str, Any]]:
        margins = (
            self._machine.decision_function(self._features([as_meant(text)]))[0] * self._config["sharpness"]
        )
        shares = np.exp(margins - margins.max())
        shares /= shares.sum()
        order = shares.argsort()[::-1][: self._config["ranking_length"]]
        return [{"name": str(self._machine.classes_[n]), "confidence": float(shares[n])} for n in order]

    def _features(self, texts: list[str]) -> scipy.sparse.csr_matrix:
        signs = scipy.sparse.csr_matrix(np.array([signs_of(text) for text in texts]))
        seen = [
            weight * counter.transform([view(text) for text in texts])
            for (view, _, weight), counter in zip(_views(), self._counters, strict=True)
        ]
        return scipy.sparse.hstack([*seen, self._config["signs_weight"] * signs]).tocsr()

    def _weights(self, intents: list[str]) -> dict[str, float]:
        """Between how often people want a thing (evenness 0) and every intent alike (1)."""
        counts = Counter(intents)
        even = len(intents) / len(counts)
        return {intent: (even / count) ** self._config["evenness"] for intent, count in counts.items()}
