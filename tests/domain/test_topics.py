"""Places and types of what people send: whatever comes in, only what is one is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.topics import TYPES, place_in, type_of


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_place_reads_back(lat: float, lon: float) -> None:
    assert place_in(f"{lat},{lon}") == (lat, lon)


@given(st.text(max_size=30))
def test_whatever_is_written_is_a_place_on_earth_or_none(text: str) -> None:
    found = place_in(text)

    assert found is None or (-90 <= found[0] <= 90 and -180 <= found[1] <= 180)


@pytest.mark.parametrize("text", ["", ",", "1", "nan,0", "inf,0", "91,0", "0,181", "30,120,5"])
def test_no_place(text: str) -> None:
    assert place_in(text) is None


@given(st.binary(max_size=64))
def test_a_file_is_what_its_first_bytes_say(body: bytes) -> None:
    found = type_of(body)

    assert found == "application/octet-stream" or body.startswith(TYPES[found])
