"""When and after which wait a call is tried again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.net.retry import MAX_RETRY_AFTER_S, RetryPolicy, parse_retry_after

NOON = 1_700_049_600.0  # Wed, 15 Nov 2023 12:00:00 GMT


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("3", 3.0),
        (" 2.5 ", 2.5),
        ("0", 0.0),
        ("-7", 0.0),
        ("1e9", MAX_RETRY_AFTER_S),
        ("inf", MAX_RETRY_AFTER_S),
        ("nan", None),
        ("Wed, 15 Nov 2023 12:00:30 GMT", 30.0),
        ("Wed, 15 Nov 2023 11:00:00 GMT", 0.0),
        ("Wed, 15 Nov 9999 12:00:00 GMT", MAX_RETRY_AFTER_S),
        ("Wed, 15 Nov 2023 21:00:30 +0900", 30.0),
        ("Wed, 99 Nov 2023 12:00:30 GMT", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, expected: float | None) -> None:
    """Past is 0, absurd is capped, garbage is as if nothing was said."""
    assert expected == parse_retry_after(value, NOON)


@given(st.text(max_size=60))
def test_no_retry_after_breaks_the_parser(value: str) -> None:
    """Whatever a server writes, the result is None or a number within bounds."""
    seconds = parse_retry_after(value, NOON)

    assert seconds is None or 0.0 <= seconds <= MAX_RETRY_AFTER_S


@given(st.integers(1, 50))
def test_waits_grow_to_the_cap(attempt: int) -> None:
    """Full jitter: between 0 and the doubled base, at most the cap."""
    wait = RetryPolicy(base_s=0.1, cap_s=2.0).wait_s(attempt, None)

    assert 0.0 <= wait <= min(2.0, 0.1 * 2 ** (attempt - 1))


def test_never_earlier_than_asked() -> None:
    """Retry-After is the least wait, even above our own cap."""
    assert RetryPolicy(cap_s=2.0).wait_s(1, 7.0) == 7.0
