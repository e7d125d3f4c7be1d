"""The reviewer pack: chosen runs in one ZIP that opens offline, in both languages, without keys and e-mails."""

import io
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from posedeck import __version__
from posedeck.runs.query import RunRow
from posedeck.runs.run import StoredRun
from posedeck.runs.store import RunStore
from posedeck.services.run_files import RunFile, as_json, describe_run, run_files
from posedeck.services.run_wording import answered_by, headline, moment_text, page_name
from posedeck.services.sharing import shareable_text
from posedeck.services.templating import report_fonts, template
from posedeck.services.thumbnail import jpeg_uri
from posedeck.texts import LANGUAGES, Texts, load_texts

#: Each run has reports with fonts and pictures of its own, a few MB together.
MAX_RUNS = 50
_TEMPLATE = "pack.html.jinja"

Progress = Callable[[int], None]


@dataclass(frozen=True)
class _Entry:
    folder: str
    stored: StoredRun
    thumbnail: str
    files: tuple[str, ...]


def reviewer_pack(
    store: RunStore, run_ids: Sequence[str], language: str, *, progress: Progress = lambda _: None
) -> bytes:
    """A ZIP with an index per language and a folder per run: reports, result, picture, request and answer.

    A run whose result is not kept has what is known of it.

    Args:
        store: Where the runs are.
        run_ids: At most ``MAX_RUNS`` runs, in the order of the index.
        language: The index that opens first, and the language of the pictures.
        progress: Is told how many runs are packed.

    Raises:
        ValueError: when there are more than ``MAX_RUNS``.
        KeyError: when one is gone.
    """
    if len(run_ids) > MAX_RUNS:
        raise ValueError(f"a pack holds {MAX_RUNS} runs at most")
    thumbnails = {row.id: row for row in store.rows(run_ids)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as pack:
        entries = []
        for number, run_id in enumerate(run_ids, start=1):
            entries.append(_add(pack, number, store, store.get(run_id), language, thumbnails[run_id]))
            progress(number)
        for each in LANGUAGES:
            pack.writestr(f"index.{each}.html", _index(entries, load_texts(each)))
        pack.writestr("index.html", _index(entries, load_texts(language)))
    return buffer.getvalue()


def _add(pack: zipfile.ZipFile, number: int, store: RunStore, stored: StoredRun, language: str, row: RunRow) -> _Entry:
    run = stored.run
    folder = f"{number:02d}-{run.page}-{run.created_at:%Y%m%d-%H%M%S}"
    files: list[RunFile] = []
    # Of a run that cannot be shown again what is known of it is packed all the same.
    with suppress(FileNotFoundError, ValueError):
        files = run_files(store, run, language)
    known = RunFile("run.json", "application/json", lambda: as_json(describe_run(store, stored)))
    for file in (*files, known):
        pack.writestr(f"{folder}/{file.name}", file.make())
    names = tuple(file.name for file in (*files, known))
    return _Entry(folder, stored, jpeg_uri(row.thumbnail) if row.thumbnail else "", names)


def _index(entries: Sequence[_Entry], t: Texts) -> bytes:
    other = next(language for language in LANGUAGES if language != t.language)
    page = template(_TEMPLATE).render(
        t=t,
        fonts=report_fonts(),
        other=other,
        other_name=LANGUAGES[other],
        made=f"{datetime.now(UTC):%Y-%m-%d %H:%M %Z}",
        version=__version__,
        entries=[_words(entry, t) for entry in entries],
    )
    return page.encode()


def _words(entry: _Entry, t: Texts) -> dict[str, object]:
    run, review = entry.stored.run, entry.stored.review
    facts = [
        (t("runs.column.answered_by"), answered_by(run, t)),
        (t("runs.column.when"), moment_text(run.created_at, "UTC")),
        (t("runs.column.state"), t(f"runs.state.{review.state.value}")),
        (t("runs.column.findings"), str(run.summary.findings)),
        *([(t("report.profile"), run.profile)] if run.profile else []),
        *([(t("runs.column.tags"), shareable_text(", ".join(review.tags)))] if review.tags else []),
    ]
    # The report in the reader's language first; the other one is a click away by the other index.
    mine = [name for name in entry.files if not name.startswith("report.") or name == f"report.{t.language}.html"]
    return {
        "title": f"{page_name(run.page, t)} · {headline(run, t)}",
        "facts": facts,
        "notes": shareable_text(review.notes),
        "thumbnail": entry.thumbnail,
        "links": [(_label(name, t), f"{entry.folder}/{name}") for name in mine],
    }


def _label(name: str, t: Texts) -> str:
    return t("pack.report") if name.startswith("report.") else name
