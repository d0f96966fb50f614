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
