"""The second factor's codes: the vectors of RFC 4226 and RFC 6238, the window, and that a code works once."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.totp import code_at, link, matching_step, new_secret, step_of

SECRET = base64.b32encode(b"12345678901234567890").decode()
SEEDS = {
    "sha1": SECRET,
    "sha256": base64.b32encode(b"12345678901234567890123456789012").decode(),
    "sha512": base64.b32encode(b"1234567890123456789012345678901234567890123456789012345678901234").decode(),
}
# RFC 4226, appendix D.
COUNTED = "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489".split()
# RFC 6238, appendix B.
TIMED = (
    (59, "94287082", "46119246", "90693936"),
    (1111111109, "07081804", "68084774", "25091201"),
    (1111111111, "14050471", "67062674", "99943326"),
    (1234567890, "89005924", "91819424", "93441116"),
    (2000000000, "69279037", "90698825", "38618901"),
    (20000000000, "65353130", "77737706", "47863826"),
)
moments = st.integers(946_684_800, 4_102_444_800).map(lambda s: datetime.fromtimestamp(s, UTC))


@pytest.mark.parametrize(("counter", "code"), enumerate(COUNTED))
def test_counted_codes_of_rfc_4226(counter: int, code: str) -> None:
    assert code_at(SECRET, counter) == code


@pytest.mark.parametrize(("seconds", "sha1", "sha256", "sha512"), TIMED)
def test_timed_codes_of_rfc_6238(seconds: int, sha1: str, sha256: str, sha512: str) -> None:
    step = step_of(datetime.fromtimestamp(seconds, UTC))

    for digest, code in (("sha1", sha1), ("sha256", sha256), ("sha512", sha512)):
        assert code_at(SEEDS[digest], step, 8, digest) == code


@given(moments, st.integers(-1, 1))
def test_a_code_of_the_step_before_and_after_is_taken_and_only_once(now: datetime, off: int) -> None:
    step = step_of(now) + off
    code = code_at(SECRET, step)

    found = matching_step(SECRET, code, now, 0)
    assert found is not None
    assert code_at(SECRET, found) == code
    assert matching_step(SECRET, code, now, used=step_of(now) + 1) is None
    assert matching_step(SECRET, code, now, used=found) is None or found < step


@given(moments, st.integers(2, 10_000), st.sampled_from([-1, 1]))
def test_a_code_from_further_away_is_not(now: datetime, far: int, way: int) -> None:
    code = code_at(SECRET, step_of(now) + way * far)
    near = {code_at(SECRET, step_of(now) + off) for off in (-1, 0, 1)}

    assert (matching_step(SECRET, code, now, 0) is None) == (code not in near)


@pytest.mark.parametrize("code", ["", "1", "12345", "1234567", "abcdef", "１２３４５６", "000000\n", "é" * 6])
def test_what_is_no_code_is_none(code: str) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)

    assert matching_step(SECRET, code, now, 0) is None


def test_the_link_is_what_authenticators_read() -> None:
    secret = new_secret()
    found = urlsplit(link(secret, "chen-jing", "管家工作台"))
    query = parse_qs(found.query)

    assert (found.scheme, found.netloc) == ("otpauth", "totp")
    assert query == {"secret": [secret], "issuer": ["管家工作台"], "digits": ["6"], "period": ["30"]}
    assert len(base64.b32decode(secret)) == 20
    assert new_secret() != secret


def test_a_step_is_half_a_minute() -> None:
    begin = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)

    assert step_of(begin) == step_of(begin + timedelta(seconds=29))
    assert step_of(begin + timedelta(seconds=30)) == step_of(begin) + 1
