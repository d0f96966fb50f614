"""How much SQLite has to do for a plan: counted in its own steps, so that no clock has a say."""

from pathlib import Path

import pytest

from saasdesk.store import Connection
from tests.sync.several import Several, person

NAME = {"source": "name", "target": "name"}


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts thousands of steps of every statement."""
    counted = [0]
    execute = Connection.execute_sql

    def count() -> int:
        counted[0] += 1
        return 0

    def counting(self: Connection, *arguments: object) -> object:
        self.connection().set_progress_handler(count, 1000)
        try:
            return execute(self, *arguments)  # type: ignore[arg-type]  # handed on as they came
        finally:
            self.connection().set_progress_handler(None, 0)

    monkeypatch.setattr(Connection, "execute_sql", counting)
    return counted


def effort(desk: Several, steps: list[int], name: str, number: int, shift: int) -> int:
    """What it takes to give everybody the address of somebody else."""
    desk.lists(name, *[person(one, f"p{(one + shift) % number}@example.com") for one in range(number)])
    steps[0] = 0
    desk.run(name)
    return steps[0]


@pytest.mark.parametrize(("feeder", "shift"), [("A", 1), ("B", 1)], ids=["changes", "conflicts"])
def test_that_four_times_as_many_differences_take_no_more_than_some_four_times_the_work(
    tmp_path: Path, steps: list[int], feeder: str, shift: int
) -> None:
    taken = []
    for number in (150, 600):
        desk = Several(tmp_path / str(number))
        staff = [person(one, f"p{one}@example.com") for one in range(number)]
        for name in "AB":
            desk.vendor(name, NAME, users=staff)
        desk.run_all()
        taken.append(effort(desk, steps, feeder, number, shift))
        desk.close()

    assert taken[1] < 7 * taken[0]


def test_that_a_run_that_only_changes_somebody_does_not_look_for_whom_to_create_or_deactivate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Several(tmp_path)
    desk.vendor("A", NAME, users=[person(one, f"p{one}@example.com") for one in range(3)])
    desk.run_all()
    written: list[str] = []
    execute = Connection.execute_sql

    def noting(self: Connection, sql: str, *arguments: object) -> object:
        written.append(" ".join(sql.split()))
        return execute(self, sql, *arguments)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(Connection, "execute_sql", noting)
    desk.lists("A", *[person(one, f"p{one}@example.com", name=f"Name {one}") for one in range(3)])
    desk.run("A")
    desk.close()

    assert any(sql.startswith('UPDATE main."person" AS t SET "name"') for sql in written)
    assert not [sql for sql in written if sql.startswith('INSERT INTO main."person"') or "SET deactivated" in sql]
