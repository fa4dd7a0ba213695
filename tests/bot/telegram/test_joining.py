"""Who is known on Telegram, how one joins, leaves and comes back."""

from __future__ import annotations

import pytest

from actions import invite
from domain.people import Scope
from tests.bot.telegram.stage import PHONES, Stage


def test_a_word_in_and_the_answer_out(both: Stage) -> None:
    user = both.user("mei")

    both.api.says(user, "助浴还剩几次")

    assert both.hears(user) == ["听到助浴还剩几次"]
    (sent,) = both.api.sent(user)
    assert sent["text"].startswith("【AI管家】")
    assert sent["data"]["entities"] == [{"type": "bold", "offset": 0, "length": 6}]


def test_a_stranger_learns_how_to_join_and_nothing_else(stage: Stage) -> None:
    user = stage.user()

    for text in ("你好", "刘梅住哪儿", "/benefits", "b_0000000000000000"):
        stage.api.says(user, text)
    stage.api.sends_photo(user)
    stage.api.wait_confirmed()

    assert stage.hears(user) == [stage.house.words.say("how_to_join")]
    button = stage.api.sent(user)[0]["markup"]["keyboard"][0][0]
    assert button["request_contact"] is True
    assert stage.rasa.turns == []

    stage.pass_time(seconds=61)
    stage.api.says(user, "你好")
    assert stage.hears(user, 2) == [stage.house.words.say("how_to_join")] * 2


def test_sharing_ones_own_contact_joins(both: Stage) -> None:
    user = both.api.create_user(phone=PHONES["mei"])

    both.api.says(user, "/start")
    both.hears(user)
    both.api.shares_contact(user)

    assert both.hears(user, 2)[1] == both.house.words.say("welcome_chat", called="刘梅")
    assert both.api.sent(user)[1]["markup"] == {"remove_keyboard": True}
    account = both.account(user)
    assert account is not None
    assert account.person_id == "mei"
    both.api.says(user, "你好")
    assert both.hears(user, 3)[2] == "听到你好"
    assert [text for _, text, _ in both.lines("mei")][:1] == [
        both.house.words.say("was_joined", door="Telegram")
    ]


@pytest.mark.parametrize("owner", ["somebody", None])
def test_a_contact_that_is_not_ones_own_is_refused_kindly(stage: Stage, owner: str | None) -> None:
    user, other = stage.api.create_user(), stage.api.create_user(phone=PHONES["mei"])

    stage.api.shares_contact(user, phone=PHONES["mei"], owner=other if owner else None)

    assert stage.hears(user) == [stage.house.words.say("contact_not_own")]
    assert stage.account(user) is None


def test_a_forwarded_contact_is_no_proof(stage: Stage) -> None:
    user = stage.api.create_user(phone=PHONES["mei"])
    update = stage.api.shares_contact(user)
    # The same card, forwarded: Telegram says where it was from.
    world = stage.api.world
    with world.lock:
        stage.stop()
        world.bots[stage.api.token].pending.clear()
    forwarded = {
        **update["message"],
        "forward_origin": {"type": "hidden_user", "sender_user_name": "x", "date": 1},
    }
    from telegram import Message

    from bot.telegram.reading import own_contact

    assert not own_contact(Message.de_json(forwarded, None))
    assert own_contact(Message.de_json(update["message"], None))
    stage.start()


def test_a_number_that_nobody_has_finds_nobody(stage: Stage) -> None:
    user = stage.api.create_user(phone="+86 177 0000 0000")

    stage.api.shares_contact(user)

    assert stage.hears(user) == [stage.house.words.say("phone_not_known")]


def test_a_one_time_link_joins_once(both: Stage) -> None:
    with both.client("mei") as http:
        link = http.post("/api/v1/me/telegram-link").json()["link"]
    name, _, token = link.removeprefix("https://t.me/").partition("?start=")
    assert name == both.api.bot().user["username"]
    assert len(token) <= 64
    user, thief = both.api.create_user(), both.api.create_user()

    both.api.says(user, f"/start {token}")
    assert both.hears(user) == [both.house.words.say("welcome_chat", called="刘梅")]
    both.api.says(thief, f"/start {token}")
    assert both.hears(thief) == [both.house.words.say("link_over")]

    assert both.account(thief) is None
    both.api.says(user, f"/start {token}")
    assert both.hears(user, 2)[1] == both.house.words.say("link_over_joined")


def test_a_link_is_for_who_is_signed_in(stage: Stage) -> None:
    with stage.client("nobody") as http:
        assert http.post("/api/v1/me/telegram-link").status_code == 401


@pytest.mark.parametrize("rest", ["垃圾", "x" * 64, "../../etc", "'; DROP TABLE accounts;--"])
def test_start_with_garbage(stage: Stage, rest: str) -> None:
    user = stage.user()

    stage.api.says(user, f"/start {rest}")

    assert stage.hears(user) == [stage.house.words.say("link_over")]


def test_the_other_doors_hear_of_a_new_chat(stage: Stage) -> None:
    first = stage.user("mei")
    second = stage.api.create_user(phone=PHONES["mei"])

    stage.api.shares_contact(second)

    assert stage.hears(first) == [stage.house.words.say("joined_elsewhere", door="Telegram")]
    assert stage.hears(second) == [stage.house.words.say("welcome_chat", called="刘梅")]


def test_leaving_and_joining_again(stage: Stage) -> None:
    user = stage.user("mei")

    stage.api.says(user, "/leave")
    assert stage.hears(user) == [stage.house.words.say("left_chat")]
    stage.api.says(user, "你好")
    assert stage.hears(user, 2)[1] == stage.house.words.say("how_to_join")
    assert stage.account(user) is None
    assert stage.rasa.turns == []

    stage.api.shares_contact(user)
    assert "认出您了" in stage.hears(user, 3)[2]


def test_a_chat_that_changes_hands_speaks_for_the_new_owner(stage: Stage) -> None:
    user = stage.user("mei")
    with stage.client("huan") as http:
        token = http.post("/api/v1/me/telegram-link").json()["link"].partition("?start=")[2]

    stage.api.says(user, f"/start {token}")

    stage.hears(user)
    account = stage.account(user)
    assert account is not None
    assert account.person_id == "huan"


def test_blocked_and_back_gets_what_waited(stage: Stage) -> None:
    user = stage.user("mei")
    stage.api.blocks(user)
    stage.api.wait_confirmed()
    account = stage.account(user)
    assert account is not None
    assert account.blocked_at is not None
    with stage.client("mei") as http:
        http.post("/webhooks/rest/webhook", json={"message": "转人工"})
    with stage.house.store.write() as unit:
        from actions.say import put

        conversation = unit.conversations.of("mei")
        put(unit, conversation, "管家问您好", key="k1", now=stage.house.now())
    assert stage.api.sent(user) == []

    stage.api.unblocks(user)

    assert stage.hears(user) == ["管家问您好"]


def test_what_waited_too_long_for_somebody_blocked_is_not_said(stage: Stage) -> None:
    user = stage.user("mei")
    stage.api.blocks(user)
    stage.api.wait_confirmed()
    with stage.house.store.write() as unit:
        from actions.say import put

        put(unit, unit.conversations.of("mei"), "旧话", key="k1", now=stage.house.now())
    stage.pass_time(hours=25)

    stage.api.unblocks(user)
    stage.api.says(user, "我回来了")

    assert stage.hears(user) == ["听到我回来了"]
    assert stage.deliveries()[0].reason == "too_old"


def test_a_block_that_nobody_told_of_is_found_at_the_next_send(stage: Stage) -> None:
    user = stage.user("mei")
    stage.api.break_next("blocked", method="sendMessage", chat=user)

    stage.api.says(user, "一")
    stage.until(lambda: stage.account(user).blocked_at is not None)
    stage.api.says(user, "二")

    assert stage.hears(user, 2) == ["听到一", "听到二"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("胸口疼得厉害，喘不上气", "120"), ("家里着火了", "119"), ("我不想活了，药都准备好了", "12356")],
)
def test_a_strangers_cry_for_help_is_answered_with_what_to_do_and_nothing_else(
    stage: Stage, text: str, wanted: str
) -> None:
    user = stage.user()

    stage.api.says(user, text)

    (said,) = stage.hears(user)
    assert wanted in said
    assert "我正在" not in said
    assert stage.api.sent(user)[0]["markup"] is None


def invitation(stage: Stage) -> str:
    """The secret of an invitation that the elder makes for her daughter."""
    with stage.house.store.write() as unit:
        elder = unit.people.get("mei")
        assert elder is not None
        address = invite.invite(stage.house, unit, elder, "child", (Scope.SEE_VISITS, Scope.ALERTS))
    return address.partition("invite=")[2]


def may(stage: Stage, relative: str) -> set[Scope]:
    with stage.house.store.read() as unit:
        return set(unit.people.consents("mei", relative, stage.house.now()))


def test_an_elders_invitation_is_taken_up_with_ones_own_contact(both: Stage) -> None:
    user, thief = both.api.create_user("小芳", phone="8613712340000"), both.api.create_user()
    token = invitation(both)

    both.api.says(user, f"/start {token}")
    assert "刘梅请您做家人" in both.hears(user)[0]
    assert both.account(user) is None
    both.api.shares_contact(user)
    assert any("办好了" in line for line in both.hears(user, 4))

    account = both.account(user)
    assert account is not None
    assert may(both, account.person_id) >= {Scope.SEE_VISITS, Scope.ALERTS}
    both.api.says(thief, f"/start {token}")
    assert both.hears(thief) == [both.house.words.say("link_over")]


def test_an_elders_invitation_is_taken_up_at_once_by_whom_we_know(stage: Stage) -> None:
    user = stage.user("huan")
    token = invitation(stage)

    stage.api.says(user, f"/start {token}")
    assert any("办好了" in line for line in stage.hears(user, 2))

    assert Scope.ALERTS in may(stage, "huan")


def test_ones_own_invitation_is_for_somebody_else(stage: Stage) -> None:
    user = stage.user("mei")

    stage.api.says(user, f"/start {invitation(stage)}")

    assert stage.hears(user) == [stage.house.words.say("invitation_own")]


def test_sharing_somebody_elses_contact_takes_up_nothing(stage: Stage) -> None:
    user, other = stage.api.create_user(), stage.api.create_user(phone=PHONES["huan"])
    token = invitation(stage)
    stage.api.says(user, f"/start {token}")
    stage.hears(user)

    stage.api.shares_contact(user, phone=PHONES["huan"], owner=other)

    assert stage.hears(user, 2)[1] == stage.house.words.say("contact_not_own")
    assert stage.account(user) is None
