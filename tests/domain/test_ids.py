"""Numbers that people say to each other."""

from __future__ import annotations

from domain.ids import new_number


def test_a_number_is_never_a_word_nor_a_plain_number_nor_an_hour() -> None:
    for number in (new_number() for _ in range(5000)):
        assert len(number) == 6
        assert not number.isalpha()
        assert not number.isdigit()
        assert not set(number) & set("ILOUM")
