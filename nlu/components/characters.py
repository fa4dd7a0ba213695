"""A tokenizer by character: Chinese has no blanks, and a segmenter's cuts go through entities (下周二 as 改下｜周二)."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

# Latin words and numbers stay whole; anything else that can be read is a token by itself.
_TOKEN = re.compile(r"[A-Za-z]+|\d+|[^\sA-Za-z\d]")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class CharacterTokenizer(Tokenizer):
    """Cuts a message into characters, Latin words and numbers."""

    @staticmethod
    def supported_languages() -> list[str] | None:
        return ["zh"]

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        text: str = message.get(attribute)
        tokens = [Token(found.group(), found.start()) for found in _TOKEN.finditer(text)]
        return self._apply_token_pattern(tokens)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}
