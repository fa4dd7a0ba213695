"""What Telegram brings that is no plain word: a friendly answer or silence, and nothing lost, doubled or shown."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import update

from domain.conversations import BUTTON_LIVES, Button
from domain.topics import LARGEST
from tests.bot.telegram.stage import Stage


def test_the_same_update_twice_is_worked_on_once(both: Stage) -> None:
    user = both.user("mei")
    came = both.api.says(user, "你好")
    both.hears(user)

    both.api.redeliver(came["update_id"])
    both.api.says(user, "再说一句")

    assert both.hears(user, 2) == ["听到你好", "听到再说一句"]
    assert both.rasa.turns == ["你好", "再说一句"]


def test_the_same_update_twice_over_a_restart_is_worked_on_once(both: Stage) -> None:
    user = both.user("mei")
    came = both.api.says(user, "你好")
    both.hears(user)
    both.stop()

    both.api.redeliver(came["update_id"])
    both.start()
    both.api.wait_confirmed()
    both.api.says(user, "再说一句")

    assert both.hears(user, 2) == ["听到你好", "听到再说一句"]


def test_another_persons_message_of_the_same_number_is_another_message(stage: Stage) -> None:
    first, second = stage.user("mei"), stage.user("huan")

    for user in (first, second):
        stage.api.says(user, "你好")

    assert stage.hears(first) == stage.hears(second) == ["听到你好"]


@pytest.mark.parametrize("secret", ["", "wrong", "HUSH-HUSH"])
def test_a_webhook_without_the_right_secret_is_refused(hooked: Stage, secret: str) -> None:
    user = hooked.user("mei")
    message = {
        "message_id": 5,
        "date": 1,
        "chat": {"id": user, "type": "private"},
        "from": {"id": user, "is_bot": False, "first_name": "x"},
        "text": "救命",
    }
    with httpx.Client(base_url=f"http://127.0.0.1:{hooked.port}", trust_env=False) as http:
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        body = {"update_id": 1, "message": message}

        assert http.post("/hooks/telegram", json=body, headers=headers).status_code == 403

        good = {"X-Telegram-Bot-Api-Secret-Token": "hush-hush"}
        assert http.post("/hooks/telegram", content=b"{", headers=good).status_code == 400
        assert http.post("/hooks/telegram", json=[1], headers=good).status_code == 200
        assert (
            http.post("/hooks/telegram", json={"update_id": "x", "message": 7}, headers=good).status_code
            == 200
        )
        assert http.post("/hooks/telegram", content=b" " * (2**20 + 1), headers=good).status_code == 413
    assert hooked.lines("mei") == []


@pytest.mark.parametrize(
    ("verb", "kind"),
    [
        ("sends_photo", "photo"),
        ("sends_voice", "voice"),
        ("sends_document", "file"),
        ("sends_sticker", "sticker"),
    ],
)
def test_what_cannot_be_seen_or_heard_is_kept_and_told(stage: Stage, verb: str, kind: str) -> None:
    user, words = stage.user("mei"), stage.house.words
    for first in (True, False):
        getattr(stage.api, verb)(user)
        assert stage.hears(user, 1 if first else 3)[-1] == words.say(
            "sent_voice_life" if kind == "voice" else f"sent_{kind}"
        )
        if first:
            stage.api.says(user, "约助浴")
            stage.hears(user, 2)

    assert stage.rasa.turns == ["约助浴"]
    assert ("in", words.say(f"was_{kind}"), "answered") in stage.lines("mei")
    if kind == "voice":  # it is with a person already
        with stage.house.store.read() as unit:
            assert [ticket.topic for ticket in unit.tickets.list(queues=["life"])] == ["voice"]
        return
    stage.api.presses(user, words.say("button_human"))
    assert "生活管家" in stage.hears(user, 4)[-1]


def test_a_place_and_somebody_elses_card_from_who_has_joined(stage: Stage) -> None:
    user, words = stage.user("mei"), stage.house.words

    stage.api.sends_location(user, 39.9, 116.4)
    stage.hears(user)
    stage.api.shares_contact(user, phone="8613800000000", owner=None)

    assert stage.hears(user, 2) == [words.say("sent_place"), words.say("sent_contact")]


@pytest.mark.parametrize("verb", ["sends_voice", "sends_document", "sends_photo"])
def test_a_file_too_large_is_refused_kindly(stage: Stage, verb: str) -> None:
    user = stage.user("mei")

    getattr(stage.api, verb)(user, size=LARGEST + 1)

    assert stage.hears(user) == [stage.house.words.say("sent_too_big")]


def test_words_under_a_picture_are_words(stage: Stage) -> None:
    user, words = stage.user("mei"), stage.house.words

    stage.api.sends_photo(user, "这个药怎么领")
    assert stage.hears(user, 2) == [words.say("sent_photo"), "听到这个药怎么领"]
    stage.api.sends_photo(user, "救命，我摔倒了起不来")

    assert "120" in stage.hears(user, 3)[2]


def test_a_photograph_as_the_very_first_message(stage: Stage) -> None:
    user = stage.api.create_user()

    stage.api.sends_photo(user)

    assert stage.hears(user) == [stage.house.words.say("how_to_join")]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("长" * 4096, "too_long"), ("😀", "only_signs"), ("\u200b\u202e", "say_something")],
)
def test_odd_words(stage: Stage, text: str, sentence: str) -> None:
    user = stage.user("mei")

    stage.api.says(user, text)

    assert stage.hears(user) == [stage.house.words.say(sentence)]


def test_markup_of_any_kind_comes_back_as_it_was_written(stage: Stage) -> None:
    user, text = stage.user("mei"), "*粗* _斜_ `码` [链](x.y) <b>粗<b> &amp; \\ ~ | # + - = { } . !"

    stage.api.says(user, text)

    assert stage.hears(user) == [f"听到{text}"]


def test_a_long_answer_comes_in_pieces_with_the_buttons_under_the_last(stage: Stage) -> None:
    user = stage.user("mei")
    stage.rasa.says = lambda _: "".join(f"第{n}句话说到这里为止。" for n in range(900))

    stage.api.says(user, "约助浴")

    texts = stage.hears(user, 3)
    assert "".join(texts) == stage.rasa.says("")
    assert all(text.endswith("。") for text in texts)
    assert [bool(m["buttons"]) for m in stage.api.sent(user)] == [False, False, True]
    assert len(stage.deliveries()) == 1
    stage.until(lambda: stage.deliveries()[0].external_id == str(stage.api.sent(user)[-1]["message_id"]))


def test_a_press_is_answered_marked_and_means_something_once(both: Stage) -> None:
    user = both.user("mei")
    both.api.says(user, "约助浴")
    both.hears(user)

    both.api.presses(user, "对，就这么定")
    assert both.hears(user, 2)[1] == "听到/affirm"
    both.until(lambda: both.api.sent(user)[0]["buttons"] == [["✓ 对，就这么定"]])
    both.api.presses(user, "✓ 对，就这么定")

    assert both.hears(user, 3)[2] == both.house.words.say("button_pressed")
    both.until(lambda: len(both.api.answers()) == 2)
    assert both.rasa.turns == ["约助浴", "/affirm"]


def test_a_button_after_a_restart_and_a_week(both: Stage) -> None:
    user = both.user("mei")
    both.api.says(user, "约助浴")
    both.hears(user)
    both.stop()
    both.start()
    both.pass_time(days=7)

    both.api.presses(user, "对，就这么定")

    assert both.hears(user, 2)[1] == "听到/affirm"


def test_a_button_of_last_month_is_not_known_any_more(stage: Stage) -> None:
    user = stage.user("mei")
    stage.api.says(user, "约助浴")
    stage.hears(user)
    with stage.house.store.write() as unit:
        old = stage.house.now() - BUTTON_LIVES - BUTTON_LIVES
        unit._session.execute(update(Button).values(created_at=old))

    stage.api.presses(user, "对，就这么定")

    assert stage.hears(user, 2)[1] == stage.house.words.say("button_unknown")
    stage.until(lambda: len(stage.api.answers()) == 1)


@pytest.mark.parametrize(
    "data", ["x" * 64, "x" * 65, "/affirm", "救命", "b_zzzzzzzzzzzzzzzz", "b_" + "0" * 63]
)
def test_a_forged_press_means_nothing(stage: Stage, data: str) -> None:
    user = stage.user("mei")
    stage.api.says(user, "约助浴")
    stage.hears(user)

    stage.api.presses(user, data=data, forged=True)

    assert stage.hears(user, 2)[1] == stage.house.words.say("button_unknown")
    assert stage.rasa.turns == ["约助浴"]
    stage.until(lambda: len(stage.api.answers()) == 1)


def test_a_press_too_old_to_be_answered_still_counts(stage: Stage) -> None:
    user = stage.user("mei")
    stage.api.says(user, "约助浴")
    stage.hears(user)
    stage.api.break_next("delay", method="answerCallbackQuery", ms=100)

    stage.api.presses(user, "对，就这么定")
    stage.api.expire_callbacks()

    assert stage.hears(user, 2)[1] == "听到/affirm"


def test_an_edit_at_once_is_a_correction(stage: Stage) -> None:
    user = stage.user("mei")
    said = stage.api.says(user, "明天下五")["message"]["message_id"]
    stage.hears(user)

    stage.api.edits(user, said, "明天下午")

    assert stage.hears(user, 2) == ["听到明天下五", "听到明天下午"]


def test_an_edit_of_what_is_long_past_is_no_new_wish(stage: Stage) -> None:
    user, words = stage.user("mei"), stage.house.words
    said = stage.api.says(user, "约助浴")["message"]["message_id"]
    stage.hears(user)
    stage.api.says(user, "谢谢")
    stage.hears(user, 2)

    stage.api.edits(user, said, "约送餐")

    assert stage.hears(user, 3)[2] == words.say("edited_too_late")
    stage.api.edits(user, said, "救命，我摔倒了起不来")
    assert "120" in stage.hears(user, 4)[3]


def test_an_edit_that_changes_nothing_is_nothing(stage: Stage) -> None:
    user = stage.user("mei")
    said = stage.api.says(user, "你好")["message"]["message_id"]
    stage.hears(user)

    stage.api.edits(user, said, "你好")
    stage.api.says(user, "谢谢")

    assert stage.hears(user, 2) == ["听到你好", "听到谢谢"]
    assert [text for _, text, state in stage.lines("mei") if state != "dropped"].count("你好") == 1


def test_channels_are_not_heard_and_groups_are_told_once(stage: Stage) -> None:
    user = stage.user("mei")
    channel, group = stage.api.create_channel(), stage.api.create_group(members=[user])

    stage.api.posts(channel, "救命")
    for _ in range(3):
        stage.api.says(user, "约助浴", chat=group)
    stage.api.says(user, "你好")

    assert stage.hears(user) == ["听到你好"]
    stage.api.wait_sent(group)
    assert stage.api.texts(group) == [stage.house.words.say("not_in_groups")]
    assert stage.api.texts(channel) == []


def test_an_update_that_no_library_can_read_does_not_hold_up_the_others(stage: Stage) -> None:
    user = stage.user("mei")
    world, bot = stage.api.world, stage.api.bot()
    with world.lock:
        world.push(bot, "message", {"message_id": "x", "chat": 7})
        world.push(bot, "something_of_2031", {"new": True})

    stage.api.says(user, "你好")

    assert stage.hears(user) == ["听到你好"]


def test_a_command_of_the_menu_says_what_the_dialogue_understands(stage: Stage) -> None:
    user = stage.user("mei")
    shown = stage.api.commands()[0]["commands"]
    assert [c["command"] for c in shown][:3] == ["benefits", "book", "bookings"]

    stage.api.says(user, "/benefits")
    stage.api.says(user, "/book@guanjia_test_bot 助浴")
    stage.hears(user, 2)
    stage.api.says(user, "/nonsense")
    stage.hears(user, 3)

    assert stage.rasa.turns == ["我有什么权益", "我想约服务，助浴", "／nonsense"]
    stage.api.says(user, "/emergency")
    assert "120" in stage.hears(user, 4)[3]


def test_every_command_has_its_words(stage: Stage) -> None:
    for command in stage.api.commands()[0]["commands"]:
        assert stage.house.words.say(f"command_{command['command']}")
        assert 3 <= len(command["description"]) <= 256
