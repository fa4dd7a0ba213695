"""Who is known on Telegram, how one joins, leaves and comes back."""

from __future__ import annotations

from tests.bot.telegram.stage import Stage


def test_a_word_in_and_the_answer_out(both: Stage) -> None:
    user = both.user("mei")

    both.api.says(user, "助浴还剩几次")

    assert both.hears(user) == ["听到助浴还剩几次"]
