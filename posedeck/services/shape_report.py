"""The report of a future shape: one HTML file that needs nothing else, to read offline and to print."""

from collections.abc import Sequence

from PIL import Image

from posedeck import __version__
from posedeck.contracts.finding import Finding
from posedeck.contracts.remo.future_shape import BodyPart
from posedeck.services.future_shape import ShapeResult
from posedeck.services.report_findings import listed_findings
from posedeck.services.shape_alignment import Picture
from posedeck.services.shape_check_wording import Verdict, integrity_rows
from posedeck.services.shape_export import marked_picture
from posedeck.services.shape_wording import change_text, fit_text, flag_texts, percent_change, warning_texts
from posedeck.services.simulated_mark import marked
from posedeck.services.source_wording import source_text
from posedeck.services.templating import report_fonts, template
from posedeck.services.thumbnail import jpeg_uri, small_jpeg
from posedeck.texts import Texts

_TEMPLATE = "shape_report.html.jinja"
#: Longest side of a picture in pixels: sharp at 10 cm on paper.
_PICTURE_SIDE = 900
#: The symbol of each verdict: 0 a tick, 1 a warning, 2 a stop, None nothing known.
_LEVELS: dict[Verdict, int | None] = {"good": 0, "changed": 0, "bad": 2, "unchanged": 1, "unknown": None}


def shape_html(results: Sequence[ShapeResult], findings: Sequence[Finding], t: Texts) -> bytes:
    """The report of one or both directions of one photo as HTML (UTF-8) in the language of ``t``.

    Args:
        results: One or both directions; their pictures are in the report, so it is made of saved or shown ones only.
        findings: What the audits of the answers found.
        t: Texts of one language.

    Raises:
        ValueError: when there is no result.
    """
    if not results:
        raise ValueError("there is nothing to report")
    listed, more = listed_findings(findings)
    first = results[0]
    page = template(_TEMPLATE).render(
        t=t,
        title=t("shape_report.title"),
        fonts=report_fonts(),
        made=f"{first.answered_at:%Y-%m-%d %H:%M:%S %Z}",
        badges=[
            (source_text(first.source, first.exchange, t), t(f"source.{first.source.value}.note")),
            (t("future_shape.simulated"), ""),
        ],
        pictures=[
            (t("future_shape.original"), _uri(marked(first.aligned.before, t("future_shape.mark.original")))),
            *((change_text(result, t), _uri(marked_picture(result, t))) for result in results),
        ],
        warnings=warning_texts(results, t),
        directions=[change_text(result, t) for result in results],
        parts=_parts(results, t),
        checks=[_check(result, t) for result in results],
        findings=listed,
        more_findings=more,
        facts=_facts(results, t),
    )
    return page.encode("utf-8")


def _uri(picture: Picture) -> str:
    return jpeg_uri(small_jpeg(Image.fromarray(picture), _PICTURE_SIDE))


def _parts(results: Sequence[ShapeResult], t: Texts) -> list[tuple[str, list[str]]]:
    """Each part's intended and achieved change in each direction, a dash where it was not measured."""
    rows = []
    for part in BodyPart:
        widths = [result.widths.get(part) for result in results]
        if any(width is not None for width in widths):
            cells = [
                "–" if width is None else percent_change(factor)
                for width in widths
                for factor in ((1.0, 1.0) if width is None else (width.intended, width.achieved))
            ]
            rows.append((t(f"future_shape.part.{part.value}"), cells))
    return rows


def _check(result: ShapeResult, t: Texts) -> tuple[str, list[str], list[tuple[str, int | None, str, str]], str]:
    rows = [
        (t(f"future_shape.integrity.{name}"), _LEVELS[verdict], t(f"future_shape.verdict.{verdict}"), text)
        for name, verdict, text in integrity_rows(result, t)
    ]
    flags = flag_texts(result.integrity, t, wanted_unchanged=result.ratio == 1) if result.integrity else []
    return change_text(result, t), flags, rows, fit_text(result, t)


def _facts(results: Sequence[ShapeResult], t: Texts) -> list[tuple[str, str]]:
    first = results[0]
    method = next((result.method for result in results if result.method is not None), None)
    engine = t("report.engine.unknown")
    if method is not None:
        engine = " · ".join((method.engine, ", ".join(method.models), t(f"future_shape.gender.{method.gender}")))
    return [
        (t("report.source"), source_text(first.source, first.exchange, t)),
        (t("future_shape.gender"), t(f"future_shape.gender.{first.wish.gender.value}")),
        (t("report.engine"), engine),
        (t("shape_report.photo"), f"{first.photo.width} × {first.photo.height} px · SHA-256 {first.photo.sha256}"),
        (t("report.application"), f"PoseDeck {__version__}"),
    ]
