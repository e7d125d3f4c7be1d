"""Who answered, in words."""

from datetime import UTC, datetime

from posedeck.net.exchange import Exchange
from posedeck.services.run_wording import moment_text
from posedeck.services.sources import Source, origin_of
from posedeck.texts import Texts


def source_text(source: Source, exchange: Exchange | None, t: Texts, zone: str | None = None) -> str:
    """The source's name; of a recorded answer also whose it was and when it came, on the clock of a time zone."""
    name, origin = t(f"source.{source.value}.name"), origin_of(exchange)
    if origin is None:
        return name
    when = moment_text(datetime.fromtimestamp(origin.answered_at, UTC), zone)
    return t("source.origin", name=name, source=origin_name(origin.source, t), when=when)


def origin_name(source: str, t: Texts) -> str:
    """Who answered what was recorded; empty is nobody who was told."""
    return t(f"runs.source.{source}") if source else t("source.origin.unknown")
