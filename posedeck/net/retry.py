"""How often, and after which wait, a call is tried again."""

import math
import random
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

# A longer Retry-After is not waited for but told to the user, and beyond a day it is a mistake of the sender.
MAX_RETRY_AFTER_S = 86_400.0

_random = random.SystemRandom()


@dataclass(frozen=True)
class RetryPolicy:
    """Full-jitter exponential backoff.

    Attributes:
        tries: How often a call is sent at most, the first time included.
        base_s: Upper end of the first wait in seconds; it doubles from try to try.
        cap_s: No wait of ours is longer, in seconds.
        budget_s: No try starts later than this after the first one, in seconds.

    Source of the method: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ("full jitter").
    """

    tries: int = 4
    base_s: float = 0.1
    cap_s: float = 2.0
    budget_s: float = 20.0

    def wait_s(self, attempt: int, retry_after_s: float | None) -> float:
        """Seconds to wait after the given try (1 = first); never less than the vendor asked for."""
        longest = min(self.cap_s, self.base_s * 2.0 ** (attempt - 1))
        return max(retry_after_s or 0.0, _random.uniform(0.0, longest))


def parse_retry_after(value: str | None, wall_s: float) -> float | None:
    """Seconds to wait, 0 to `MAX_RETRY_AFTER_S`, from a Retry-After header; None when it is missing or garbage.

    The header is a number of seconds or an HTTP date (RFC 9110 §10.2.3); `wall_s` is now in seconds since 1970.
    """
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - wall_s
        except (ValueError, OverflowError):
            return None
    if math.isnan(seconds):
        return None
    return min(max(seconds, 0.0), MAX_RETRY_AFTER_S)
