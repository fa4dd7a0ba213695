"""Ratings in a conversation without any dialogue: what is pressed under a question, and what is typed right after it.

Words count as an answer only while the question is the last thing that was said; a wish said instead is Rasa's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actions import notices
from actions.follow_up_words import faces, mistaken, unsaid, whys
from actions.house import House
from actions.rate import Answer, Outcome, decline, own, rate, tell
from actions.say import Choice
from domain.conversations import Conversation
from domain.errors import NotFound
from domain.people import Person
from domain.store import Unit
from domain.surveys import How, Survey, SurveyKind, Why, is_low, promotes
from nlu.zh.rating import declines, is_wish, read_rating, read_recommend, read_why

# What is pressed; the first two are asked for, so that words may answer them.
ASKING = ("rate", "why")
VERBS = (*ASKING, "rerate")
_ANSWERS = {1: "yes", 0: "maybe", -1: "no"}


@dataclass(frozen=True)
class Said:
    """What is answered."""

    text: str
    choices: Sequence[Choice] = ()


def press(house: House, unit: Unit, actor: Person, verb: str, rest: str, key: str) -> Said:
    """A face, a reason, a way out or back: `survey:what`. Somebody else's survey means nothing."""
    survey_id, _, what = rest.partition(":")
    try:
        if verb == "why":
            return _why(house, unit, actor, survey_id, what, key)
        if verb == "rerate":
            return Said(house.words.say("follow_rerate"), faces(house, own(unit, actor, survey_id)))
        if what in ("no", "never"):
            return _declined(house, unit, actor, survey_id, what)
        answer = Answer(key, How.BUTTON, score=int(what))
        return scored(house, unit, actor, survey_id, answer)
    except (NotFound, ValueError):
        return Said(house.words.say("button_unknown"))


def typed(
    house: House, unit: Unit, actor: Person, conversation: Conversation, text: str, key: str
) -> Said | None:
    """Words instead of a press, where one of these questions was the last thing that was said; else None."""
    found = _asked(unit, conversation)
    if found is None:
        return None
    verb, survey_id, own_words = found
    survey = unit.surveys.get(survey_id)
    if survey is None or survey.person_id != actor.id:
        return None
    if verb == "why":
        return _why_typed(house, unit, actor, survey, text, key, own_words=own_words)
    if (no := declines(text)) is not None:
        return _declined(house, unit, actor, survey_id, no)
    if survey.kind is SurveyKind.RECOMMEND:
        ten = read_recommend(text)
        answer = Answer(key, How.WORDS, score=ten, words=text)
        return scored(house, unit, actor, survey_id, answer) if ten is not None else None
    heard = read_rating(text)
    if heard is None:
        return None
    why = Why(heard.why) if heard.why else Why.OTHER if heard.reason else None
    answer = Answer(key, How.WORDS, score=heard.score, why=why, words=heard.reason)
    return scored(house, unit, actor, survey_id, answer)


def _asked(unit: Unit, conversation: Conversation) -> tuple[str, str, bool] | None:
    """(verb, survey, whether own words are waited for) of the last thing that was said, if it asks for an answer."""
    said = [m for m in unit.conversations.last(conversation.id, 4) if m.direction == "out"][-1:]
    actions = [b.action.split(":") for b in unit.conversations.buttons(said[0].key)] if said else []
    mine = [action for action in actions if action[0] in ASKING]
    if not mine:
        return None
    return mine[0][0], mine[0][1], all(action[2] == Why.UNSAID for action in mine)


def scored(house: House, unit: Unit, actor: Person, survey_id: str, answer: Answer) -> Said:
    """Rate, and say what came of it: thanks, or why it was not good."""
    outcome = rate(house, unit, actor, survey_id, answer)
    survey, say = own(unit, actor, survey_id), house.words.say
    if outcome is Outcome.LATER:
        human = Choice(say("button_human"), "human:life", once=False)
        return Said(say("follow_too_late"), (human,))
    assert answer.score is not None
    if survey.kind is SurveyKind.RECOMMEND:
        return Said(say(f"recommend_{_ANSWERS[promotes(answer.score)]}"))
    face = say(f"face_{answer.score}")
    if not is_low(survey.kind, answer.score):
        name = "follow_changed" if outcome is Outcome.CHANGED else "follow_thanks"
        return Said(say(name, face=face), (mistaken(house, survey),))
    if answer.why is not None:
        return Said(say("follow_low_told", face=face))
    return Said(say("follow_low", face=face), whys(house, survey))


def _declined(house: House, unit: Unit, actor: Person, survey_id: str, what: str) -> Said:
    decline(house, unit, actor, survey_id)
    if what == "never":
        notices.no_surveys(house, unit, actor)
        return Said(house.words.say("follow_never"))
    return Said(house.words.say("follow_no"))


def _why(house: House, unit: Unit, actor: Person, survey_id: str, what: str, key: str) -> Said:
    say = house.words.say
    survey = own(unit, actor, survey_id)
    if what == "own":
        return Said(say("follow_own"), (unsaid(house, survey),))
    tell(house, unit, actor, survey_id, Answer(key, How.BUTTON, why=Why(what)))
    return Said(say("follow_unsaid" if what == Why.UNSAID else "follow_why_kept"))


def _why_typed(
    house: House, unit: Unit, actor: Person, survey: Survey, text: str, key: str, *, own_words: bool
) -> Said | None:
    """A known reason at once; anything else only where own words were asked for, and a wish never."""
    say = house.words.say
    if (again := read_rating(text)) is not None and not again.reason and survey.kind is SurveyKind.VISIT:
        return scored(house, unit, actor, survey.id, Answer(key, How.WORDS, score=again.score))
    if declines(text) is not None:
        tell(house, unit, actor, survey.id, Answer(key, How.WORDS, why=Why.UNSAID))
        return Said(say("follow_unsaid"))
    why = read_why(text)
    if why is None and (not own_words or is_wish(text)):
        return None
    tell(house, unit, actor, survey.id, Answer(key, How.WORDS, why=Why(why or Why.OTHER), words=text))
    return Said(say("follow_why_kept"))
