"""Workers' names."""

from pathlib import Path

from posedeck.jobs.executor import take_executor


def test_a_name_is_held_by_one_and_comes_back(tmp_path: Path) -> None:
    """Two at once have two names; one that ends leaves its name to the next, so that its jobs are taken up again."""
    first, second = take_executor(tmp_path), take_executor(tmp_path)
    first.lock.release()
    third = take_executor(tmp_path)

    assert first.id != second.id
    assert third.id == first.id


def test_two_data_folders_have_no_name_in_common(tmp_path: Path) -> None:
    """Machines on one database."""
    names = set()
    for machine in ("a", "b"):
        (tmp_path / machine).mkdir()
        names.add(take_executor(tmp_path / machine).id)

    assert len(names) == 2
