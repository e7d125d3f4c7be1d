"""What was submitted to vendors, on SQLite or the PostgreSQL of ``POSEDECK_TEST_DATABASE_URL``."""

from sqlalchemy import Engine

from posedeck.runs.submissions import State, Submission, SubmissionStore

KICK = Submission("our-number", "remo", "live", "https://vendor.example", 1000.0, job_id="our-number")
CLIP = Submission("ours", "kakao", "live", "https://other.example", 2000.0, group="g", params={"smoothing": False})


def test_a_submission_is_there_for_everybody_from_before_it_is_sent(engine: Engine) -> None:
    SubmissionStore(engine).intend(CLIP)
    # Every connection of before is gone, as after a restart.
    engine.dispose()

    assert SubmissionStore(engine).find("ours") == CLIP


def test_it_is_found_by_our_name_and_by_the_vendors(engine: Engine) -> None:
    store = SubmissionStore(engine)
    store.intend(CLIP)
    assert store.find("theirs") is None
    store.accept("ours", "theirs", 7.5)

    found = store.find("theirs")
    assert found is not None
    assert found == store.find("ours")
    assert (found.state, found.job_id, found.wait_s) == (State.ACCEPTED, "theirs", 7.5)
    assert store.group("g") == [found]
    assert store.group("another") == []


def test_what_the_vendor_said_last_is_kept_without_secrets_and_a_known_run_stays(engine: Engine) -> None:
    store = SubmissionStore(engine)
    store.intend(KICK)
    store.tell("our-number", State.READY, 1010.0, run_id="a-run")
    store.tell("our-number", State.ACCEPTED, 1020.0, detail="see https://vendor.example/?api_key=sesame " + "x" * 2000)

    told = store.find("our-number")
    assert told is not None
    assert (told.state, told.asked_at, told.run_id) == (State.ACCEPTED, 1020.0, "a-run")
    assert "sesame" not in told.detail
    assert len(told.detail) == 1000
    store.tell("never-submitted", State.READY, 1.0)


def test_they_are_listed_by_their_time_until_they_are_forgotten(engine: Engine) -> None:
    store = SubmissionStore(engine)
    for each in (KICK, CLIP):
        store.intend(each)
    assert [each.id for each in store.between(0.0, float("inf"))] == ["ours", "our-number"]
    assert [each.id for each in store.between(1000.0, 2000.0)] == ["our-number"]
    store.forget("our-number")
    assert [each.id for each in store.between(0.0, float("inf"))] == ["ours"]
