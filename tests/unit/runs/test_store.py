"""The store of runs: kept, found, reviewed, deleted and brought back, and gone with its pictures."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from posedeck.contracts.finding import Finding
from posedeck.runs.query import RunQuery
from posedeck.runs.run import Ending, Review, ReviewState, Summary, now
from posedeck.runs.store import UNDO_S, RunStore
from posedeck.storage.blobs import Blobs
from tests.unit.runs.builders import START, run

PICTURE, ANSWER = b"picture", b'{"state": true}'
CONTENTS = {"front": PICTURE, "answer": ANSWER}


def found(store: RunStore, **query: Any) -> list[str]:
    return [row.id for row in store.search(RunQuery(**query)).rows]


def test_what_is_saved_is_read_back(store: RunStore) -> None:
    """The run, its contents, and a review that nobody has touched."""
    saved = store.save(run(), CONTENTS, thumbnail=b"small")
    stored = store.get(saved.id)
    assert (stored.run, stored.review, stored.is_deleted) == (saved, Review(), False)
    assert {name: store.content(saved, name) for name in CONTENTS} == CONTENTS
    row = store.search(RunQuery()).rows[0]
    assert (row.id, row.created_at, row.summary, row.thumbnail) == (saved.id, START, saved.summary, b"small")


def test_identities_cannot_be_guessed() -> None:
    """Each has 128 random bits."""
    identities = {run().id for _ in range(200)}
    assert len(identities) == 200
    assert min(map(len, identities)) >= 22


def test_a_run_that_is_not_there(store: RunStore) -> None:
    """It is named, for reading and for reviewing alike."""
    for ask in (lambda: store.get("none"), lambda: store.review("none", Review()), lambda: store.keep("none", {})):
        with pytest.raises(KeyError, match="none"):
            ask()
    with pytest.raises(FileNotFoundError, match="keeps no answer"):
        store.content(run(), "answer")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "fedcba"),
        ({"page": "keypoints"}, "b"),
        ({"vendor": "kakao"}, "b"),
        ({"source": "live"}, "c"),
        ({"state": ReviewState.ACCEPTED}, "d"),
        ({"ending": Ending.REFUSED}, "e"),
        ({"grade": 2}, "a"),
        ({"grade": 0}, "c"),
        ({"since": START + timedelta(minutes=3)}, "fe"),
        ({"until": START + timedelta(minutes=1)}, "a"),
        ({"tag": "clinic"}, "d"),
        ({"tag": "clin"}, ""),
        ({"tag": "100%_sure"}, "d"),
        ({"tag": '"'}, "f"),
        ({"text": "KNEE left"}, "d"),
        ({"text": "knee right"}, ""),
        ({"text": "%"}, "d"),
        ({"text": "credit_missing"}, "c"),
        ({"text": "왼쪽"}, "f"),
        ({"text": "abab", "page": "keypoints"}, "b"),
        ({"group": "pair"}, "b"),
    ],
)
def test_runs_are_found_by_what_they_are(store: RunStore, query: dict[str, Any], expected: str) -> None:
    """Each filter alone; words stand anywhere and in any case, signs of LIKE are ordinary signs."""
    named = {
        "a": run(0, summary=Summary(grade=2)),
        "b": run(1, page="keypoints", vendor="kakao", group="pair"),
        "c": run(2, source="live", summary=Summary(grade=0), findings=(Finding("credit_missing", "error", "", ""),)),
        "d": run(2.5),
        "e": run(3, ending=Ending.REFUSED),
        "f": run(4),
    }
    for entry in named.values():
        store.save(entry, {})
    store.review(named["d"].id, Review(ReviewState.ACCEPTED, ("clinic", "100%_sure"), "The LEFT knee"))
    store.review(named["f"].id, Review(tags=('"',), notes="왼쪽 무릎"))
    letters = {entry.id: letter for letter, entry in named.items()}
    assert "".join(letters[each] for each in found(store, **query)) == expected
    assert store.ids(RunQuery(**query)) == found(store, **query)


def test_pages_of_a_list(store: RunStore) -> None:
    """The newest first, none twice, none left out; the total is of all."""
    saved = [store.save(run(minute // 3), {}).id for minute in range(11)]
    pages = [store.search(RunQuery(), offset=offset, limit=4) for offset in (0, 4, 8, 12)]
    assert [page.total for page in pages] == [11] * 4
    listed = [row for page in pages for row in page.rows]
    assert sorted(row.id for row in listed) == sorted(saved)
    assert [row.created_at for row in listed] == sorted((row.created_at for row in listed), reverse=True)


def test_a_review_is_kept_beside_the_run(store: RunStore) -> None:
    """State, tags and notes change; the answer does not. Tags are offered in order."""
    saved = store.save(run(), CONTENTS)
    review = Review(ReviewState.REJECTED, ("b", "a"), "blurred")
    store.review(saved.id, review)
    assert store.get(saved.id).run == saved
    assert store.get(saved.id).review == review
    assert store.tags() == ["a", "b"]


def test_deleting_can_be_undone(store: RunStore) -> None:
    """A deleted run is in no list, but still there for a while."""
    first, second = store.save(run(), CONTENTS), store.save(run(1), CONTENTS)
    store.delete([first.id])
    assert found(store) == [second.id]
    assert store.get(first.id).is_deleted
    assert store.sweep() == 0
    store.undelete([first.id])
    assert found(store) == [second.id, first.id]
    assert store.content(first, "answer") == ANSWER


def test_sweeping_erases_what_was_deleted_long_ago(store: RunStore, blobs: Blobs) -> None:
    """With it go the blobs that nobody else needs."""
    gone = store.save(run(), {"front": PICTURE, "answer": b"its own"})
    stays = store.save(run(1), {"front": PICTURE})
    store.delete([gone.id])
    assert store.sweep(now() + timedelta(seconds=UNDO_S + 1)) == 1
    assert set(blobs.keys()) == set(stays.contents.values())
    with pytest.raises(KeyError):
        store.get(gone.id)


def test_erasing_all_erases_pictures_too(store: RunStore, blobs: Blobs) -> None:
    """Nothing stays of any run, deleted ones included; what no run had is left alone."""
    foreign = blobs.put(b"a job's clip")
    for minute in range(5):
        store.save(run(minute), {"front": f"picture {minute}".encode(), "answer": ANSWER})
    store.delete(found(store)[:2])
    assert store.erase_all() == 5
    assert list(blobs.keys()) == [foreign]
    assert store.search(RunQuery()).total == 0


def test_only_metadata_until_it_is_kept(store: RunStore, blobs: Blobs) -> None:
    """Without contents there are hashes and no pictures; keeping adds them and changes nothing else."""
    saved = store.save(run(), {}, thumbnail=b"small")
    store.review(saved.id, Review(notes="mine"))
    assert (saved.is_kept, list(blobs.keys()), store.search(RunQuery()).rows[0].thumbnail) == (False, [], None)
    kept = store.keep(saved.id, CONTENTS, thumbnail=b"small")
    stored = store.get(saved.id)
    assert (stored.run, stored.review.notes) == (kept, "mine")
    assert store.content(stored.run, "front") == PICTURE
    row = store.search(RunQuery()).rows[0]
    assert (row.kept, row.thumbnail) == (True, b"small")


def test_a_run_is_completed_in_place(store: RunStore, blobs: Blobs, tmp_path: Path) -> None:
    """With more of it, from memory or from a file; what it had stays, what nobody needs any more goes."""
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"the clip")
    saved = store.save(run(ending=Ending.SUBMITTED), {"clip": clip, "exchanges": b"one"})
    store.review(saved.id, Review(notes="mine"))
    answered = msgspec.structs.replace(saved, ending=Ending.ANSWERED)
    done = store.complete(answered, {"exchanges": b"one and two", "answer": ANSWER}, thumbnail=b"small")
    stored = store.get(saved.id)
    assert (stored.run, stored.review.notes) == (done, "mine")
    assert (saved.has_result, done.has_result) == (False, True)
    assert {name: store.content(done, name) for name in done.contents} == {
        "clip": b"the clip", "exchanges": b"one and two", "answer": ANSWER
    }  # fmt: skip
    assert len(list(blobs.keys())) == 3
    with store.file(done, "clip") as path:
        assert path.read_bytes() == b"the clip"
    with pytest.raises(FileNotFoundError), store.file(done, "front"):
        pass


def test_a_blob_that_was_erased_meanwhile_is_put_back(
    store: RunStore, blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run with the same picture is erased after this one's was put and before its row was written."""
    other = store.save(run(), CONTENTS)
    put = blobs.put

    def put_and_erase(data: bytes) -> str:
        key = put(data)
        if data == ANSWER:
            monkeypatch.undo()
            store.erase([other.id])
        return key

    monkeypatch.setattr(blobs, "put", put_and_erase)
    saved = store.save(run(1), CONTENTS)
    assert {name: store.content(saved, name) for name in CONTENTS} == CONTENTS


def test_answers_to_the_same_request(store: RunStore) -> None:
    """The newest first, also those of which only metadata is kept; no deleted ones."""
    same = {"request_key": "f" * 64}
    kept = [store.save(run(minute, **same), CONTENTS) for minute in range(3)]
    bare = store.save(run(4, **same), {})
    store.save(run(5), CONTENTS)
    store.delete([kept[1].id])
    assert [entry.run for entry in store.answers_to("f" * 64)] == [bare, kept[2], kept[0]]
