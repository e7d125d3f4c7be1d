"""Runs for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from posedeck.runs.run import Run, RunInput, Summary, new_id

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def run(minute: int = 0, **changes: Any) -> Run:
    """A posture run made so many minutes after ``START``."""
    facts: dict[str, Any] = {
        "id": new_id(),
        "page": "posture",
        "vendor": "remo",
        "source": "local",
        "created_at": START + timedelta(minutes=minute),
        "inputs": {"front": RunInput("ab" * 32, "image/jpeg", 1234, 640, 960)},
        "summary": Summary(grade=1, numbers={"caution": 2.0}, findings=3),
    }
    return Run(**(facts | changes))
