"""Staying on the line in a danger: whose answer a word is, old buttons, false alarms, refusing, a crisis, the day after."""

from __future__ import annotations

import pytest

from actions import alarm_hear, alarm_say, alarm_talk, hand_over, raise_alarm, remind
from actions.alarm_say import Said
from actions.house import House
from actions.say import put
from domain.clock import FixedClock
from domain.danger_questions import ANSWERS, load
from domain.incidents import Happened
from domain.tickets import TicketState
from nlu.zh.danger import Danger, detect
from tests.actions.care import pushed, who
from tests.actions.desks import later, read
from tests.actions.test_alarm_family import cry, told


def types(house: House, text: str) -> Said | None:
    """What is answered to words, as the way would store it."""
    with house.store.write() as unit:
        mine = unit.conversations.of("mei")
        said = alarm_hear.typed(house, unit, mine, who(unit, "mei"), text)
        if said is not None and said.text:
            put(
                unit,
                mine,
                said.text,
                key=f"t:{text}:{len(unit.conversations.last(mine.id, 200))}",
                now=house.now(),
                extra=said.marks,
            )
        return said


def hears(house: House, text: str) -> Said | None:
    """The same of words in which the rules heard a danger."""
    danger = detect(text)
    assert danger is not None
    with house.store.write() as unit:
        mine = unit.conversations.of("mei")
        return alarm_hear.heard(house, unit, mine, who(unit, "mei"), text, danger)


def presses(house: House, verb: str, rest: str = "") -> Said:
    with house.store.write() as unit:
        return alarm_talk.press(house, unit, unit.conversations.of("mei"), who(unit, "mei"), verb, rest)


def asks_something_else(house: House) -> None:
    with house.store.write() as unit:
        put(unit, unit.conversations.of("mei"), "后天下午三点，行吗？", key="form", now=house.now())


def test_one_question_at_a_time_kept_on_the_card(house: House) -> None:
    ticket = cry(house)
    assert house.words.say("danger_ask_awake") in pushed(house, "mei")

    said = presses(house, "answer", f"{ticket}:awake:no")

    assert said.text == "\n".join(house.words.say(n) for n in ("danger_grave_awake", "danger_ask_breath"))
    assert read(house, ticket).card["answers"][0]["answer"] == "没醒"


@pytest.mark.parametrize("word", ["对", "好", "没有", "嗯", "是的"])
def test_a_bare_word_is_the_forms_where_a_form_asked_meanwhile(house: House, word: str) -> None:
    ticket = cry(house)
    asks_something_else(house)

    assert types(house, word) is None
    assert "answers" not in read(house, ticket).card


def test_a_word_between_is_still_the_answer_where_it_told_of_the_danger(house: House) -> None:
    ticket = cry(house)
    with house.store.write() as unit:
        raise_alarm.acknowledge(house, unit, who(unit, "doc1"), ticket)

    said = types(house, "没有")

    assert said is not None
    assert read(house, ticket).card["answers"][0]["question"] == "awake"


def test_an_old_button_tells_that_it_has_moved_on_and_asks_what_is_open(house: House) -> None:
    ticket = cry(house)
    presses(house, "answer", f"{ticket}:awake:yes")

    said = presses(house, "answer", f"{ticket}:awake:no")

    assert said.text == "\n".join(house.words.say(n) for n in ("danger_moved_on", "danger_ask_breath"))
    assert [one["answer"] for one in read(house, ticket).card["answers"]] == ["醒着"]


def test_a_button_of_a_danger_that_is_over_changes_nothing(house: House) -> None:
    ticket = cry(house)
    with house.store.write() as unit:
        hand_over.claim(house, unit, who(unit, "doc1"), ticket)
        hand_over.close(house, unit, who(unit, "doc1"), ticket, "救护车接走了")

    assert presses(house, "answer", f"{ticket}:awake:no").text == house.words.say("danger_over")
    assert "answers" not in read(house, ticket).card


def test_while_a_person_speaks_an_answer_is_kept_and_the_butler_silent(house: House) -> None:
    ticket = cry(house)
    with house.store.write() as unit:
        hand_over.claim(house, unit, who(unit, "doc1"), ticket)

    assert presses(house, "answer", f"{ticket}:awake:yes").text == ""
    assert presses(house, "answer", f"{ticket}:awake:no").text == ""
    assert [one["answer"] for one in read(house, ticket).card["answers"]] == ["醒着"]


def test_the_address_is_asked_so_that_it_can_be_read_to_120(house: House) -> None:
    ticket = cry(house)
    presses(house, "answer", f"{ticket}:awake:yes")
    assert "试城东区一号" in presses(house, "answer", f"{ticket}:breath:yes").text


def test_who_is_not_at_home_is_not_asked_about_the_door(house: House) -> None:
    ticket = cry(house)
    presses(house, "answer", f"{ticket}:awake:yes")
    presses(house, "answer", f"{ticket}:breath:yes")
    said = presses(house, "answer", f"{ticket}:where:no").text
    assert said == "\n".join(house.words.say(n) for n in ("danger_grave_where", "danger_stay_emergency"))


def test_to_the_end_of_the_questions_and_who_has_been_told(house: House) -> None:
    ticket = cry(house)
    for name in ("awake", "breath", "where", "door"):
        said = presses(house, "answer", f"{ticket}:{name}:yes")
    assert said.text == house.words.say("danger_stay_emergency")
    with house.store.write() as unit:
        raise_alarm.delivered(house, unit, [f"{ticket}:alert:doc1"])

    told_now = presses(house, "told", ticket).text.splitlines()
    assert told_now == ["何欢：正在通知。", "值班管家许医生：已经通知到，还没回话。"]
    asked = types(house, "你们通知谁了")
    assert asked is not None
    assert asked.text.splitlines() == told_now


def test_a_second_cry_hears_the_open_question_again(house: House) -> None:
    ticket = cry(house)
    assert cry(house, key="again") == ticket
    assert pushed(house, "mei").count(house.words.say("danger_ask_awake")) == 2


def test_what_was_answered_is_not_asked_again_for_the_next_danger(house: House) -> None:
    ticket = cry(house)
    presses(house, "answer", f"{ticket}:awake:yes")
    cry(house, kind="bleeding", key="k2")
    assert pushed(house, "mei")[-1] == house.words.say("danger_ask_breath")


@pytest.mark.parametrize("text", ["没事，按错了", "误报了", "我没事"])
def test_a_false_alarm_in_words_is_asked_about_once(house: House, text: str) -> None:
    ticket = cry(house)
    asked = types(house, text)
    assert asked is not None
    assert asked.text == house.words.say("false_alarm_sure")

    kept = types(house, "不是")
    assert kept is not None
    assert kept.text.startswith(house.words.say("false_alarm_not"))
    assert read(house, ticket).state is TicketState.OPEN

    types(house, text)
    assert types(house, "对") == Said(house.words.say("false_alarm_closed"))
    assert read(house, ticket).state is TicketState.CLOSED


def test_no_ambulance_is_answered_once_more_then_left_to_people(house: House) -> None:
    ticket = cry(house)
    said = hears(house, "不用叫救护车")
    assert said is not None
    assert said.text == house.words.say("danger_refused")
    with house.store.read() as unit:
        assert Happened.REFUSED in {one.happened for one in unit.incidents.of(ticket)}
    calling = hears(house, "我这就打120")
    assert calling is not None
    assert calling.text.startswith(house.words.say("danger_calling"))
    again = types(house, "我不去医院")
    assert again is not None
    assert again.text == house.words.say("danger_refused_again")


def test_breathing_badly_is_the_answer_where_that_is_asked_and_a_cry_where_it_is_not(house: House) -> None:
    ticket = cry(house)

    assert hears(house, "喘不上气") is None
    types(house, "醒着")
    said = hears(house, "喘不上气")
    assert said is not None
    assert said.text.startswith(house.words.say("danger_grave_breath"))
    assert read(house, ticket).card["answers"][-1]["question"] == "breath"


def test_other_words_are_noted_and_the_question_put_once_more_then_left_to_the_dialogue(house: House) -> None:
    cry(house)
    said = types(house, "我老伴在边上")
    assert said is not None
    assert said.text.startswith(house.words.say("danger_noted"))
    assert types(house, "他今年八十了") is None


def test_a_form_in_the_middle_has_its_words(house: House) -> None:
    cry(house)
    with house.store.write() as unit:
        unit.conversations.of("mei").topics = {"task": "book"}
    assert types(house, "后天下午三点") is None


def test_a_crisis_is_asked_once_then_company_then_means_and_always_listened_to(house: House) -> None:
    ticket = cry(house, "crisis", "despair")
    assert pushed(house, "mei")[-1] == house.words.say("danger_ask_thought")

    said = types(house, "想过")
    assert said is not None
    assert house.words.say("danger_ask_with_you") in said.text
    said = types(house, "就我一个人")
    assert said is not None
    assert house.words.say("danger_ask_means") in said.text
    said = presses(house, "answer", f"{ticket}:means:yes")
    assert "120" in said.text
    said = hears(house, "我老伴走了没人管我")
    assert said is not None
    assert said.text == house.words.say("danger_listen")
    for text in ("孩子们都忙", "活着有什么用呢", "我想说说话"):
        listened = types(house, text)
        assert listened is None or listened.text.startswith(house.words.say("danger_listen"))


@pytest.mark.parametrize(
    ("kind", "text", "confirmed", "known"),
    [
        ("fall", "我摔倒了起不来", False, {"awake"}),
        ("fall", "俺摔了一跤", False, {"awake"}),
        ("fall", "我妈摔倒了", False, set()),
        ("fall", "我在家，老伴摔倒了", False, set()),
        ("fall", "我老伴摔倒了起不来", False, set()),
        ("illness", "胸口疼得厉害", False, set()),
        ("despair", "我不想活了，药都吃了", True, {"awake", "thought"}),
        ("despair", "", True, {"thought"}),
        ("illness", "", True, set()),
        ("illness", "我胸口疼，喘不上气", False, {"awake", "breath"}),
        ("illness", "我爸叫不醒了", False, {"awake"}),
        ("fall", "我妈摔了，头上流血了", False, {"bleeding"}),
        ("fall", "我妈摔了，没流血", False, set()),
        ("fall", "老伴摔了，没有流血", False, set()),
    ],
)
def test_what_the_words_tell_already_is_not_asked(
    kind: str, text: str, confirmed: bool, known: set[str]
) -> None:
    assert load().known(kind, text, confirmed=confirmed) == known


def test_who_said_it_already_is_not_asked_whether_they_thought_of_it(house: House) -> None:
    danger = Danger(
        category="crisis", kind="despair", certain=True, text="药都吃了", start=0, end=4, act=True
    )
    with house.store.write() as unit:
        mine = unit.conversations.of("mei")
        raise_alarm.raise_alarm(house, unit, mine, who(unit, "mei"), danger, "k", known={"thought"})
    assert pushed(house, "mei")[-1] == house.words.say("danger_ask_with_you")


def test_a_scam_is_told_to_the_child_only_with_the_elders_yes(house: House) -> None:
    ticket = cry(house, "fraud", "scam")
    assert presses(house, "answer", f"{ticket}:paid:no").text == "要不要我告诉何欢一声？"
    assert told(house, ticket) == []

    presses(house, "answer", f"{ticket}:tell_child:yes")
    assert told(house, ticket) == ["huan"]
    with house.store.read() as unit:
        assert {use.basis for use in unit.people.uses_of("mei")} == {"asked"}


def test_the_day_after_one_question_and_who_is_not_well_is_called(house: House, clock: FixedClock) -> None:
    ticket = cry(house)
    with house.store.write() as unit:
        hand_over.claim(house, unit, who(unit, "doc1"), ticket)
        hand_over.close(house, unit, who(unit, "doc1"), ticket, "去过医院了")
    later(house, clock, 24 * 60 + 1)
    remind.work_off(house)
    assert house.words.say("follow_emergency") in pushed(house, "mei")

    said = types(house, "还不行")

    assert said is not None
    assert "医生管家" in said.text
    with house.store.read() as unit:
        assert "after_danger" in {t.topic for t in unit.tickets.list(queues=("doctor",))}
        kinds = [one.detail for one in unit.incidents.of(ticket) if one.happened is Happened.FOLLOWED_UP]
    assert {"answer": "bad"} in kinds


def test_nobody_is_asked_about_what_was_none(house: House, clock: FixedClock) -> None:
    cry(house)
    presses(house, "false_sure")
    later(house, clock, 24 * 60 + 1)
    remind.work_off(house)
    assert house.words.say("follow_emergency") not in pushed(house, "mei")


def test_every_question_has_its_words_and_its_source(house: House) -> None:
    questions = load()
    assert "DOMAIN" in questions.source
    for kind, names in questions.of.items():
        for name in names:
            assert f"danger_ask_{name}" in house.words.sentences, kind
            assert all(f"button_danger_{name}_{answer}" in house.words.sentences for answer in ANSWERS)
            assert questions.typed[name]
            # What a button says may be typed as well.
            for answer in ANSWERS:
                title = house.words.say(f"button_danger_{name}_{answer}")
                assert questions.heard(name, title) == answer, title
    assert set(questions.grave) <= {f for names in questions.of.values() for f in names}


def test_nothing_that_we_say_in_a_danger_advises_medicine_or_comforts(house: House) -> None:
    said = [text for name, text in house.words.sentences.items() if name.startswith("danger_")]
    assert not [
        text for text in said for bad in ("应该没事", "吃药", "别担心", "等等看", "毫克") if bad in text
    ]


def test_lines_are_said_to_whoever_cried(house: House) -> None:
    ticket = cry(house)
    with house.store.write() as unit:
        found = unit.tickets.get(ticket)
        assert found is not None
        assert alarm_say.who_cried(unit, found) is who(unit, "mei")
