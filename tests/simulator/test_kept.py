"""What a vendor worked out is kept as long as it is true, and no longer."""

import pytest

from saasdesk.simulator import kept
from saasdesk.simulator.kept import KeptEach


class _Worker:
    """Remembers what it was asked to work out."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, str]] = []

    def __call__(self, number: int, made_from: str) -> str:
        self.asked.append((number, made_from))
        return f"{number} made from {made_from}"


def test_that_each_is_worked_out_once_until_what_it_is_made_from_changes() -> None:
    work = _Worker()
    each = KeptEach(work)

    questions = [(1, "clay"), (2, "clay"), (1, "clay"), (1, "wood"), (2, "clay"), (1, "wood")]

    assert [each(*question) for question in questions] == [f"{n} made from {what}" for n, what in questions]
    assert work.asked == [(1, "clay"), (2, "clay"), (1, "wood")]


def test_that_of_more_than_a_memory_holds_the_rest_is_worked_out_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST_KEPT", 1)
    work = _Worker()
    each = KeptEach(work)

    for _ in range(2):
        assert each(1, "clay") == "1 made from clay"
        assert each(2, "clay") == "2 made from clay"

    assert work.asked == [(1, "clay"), (2, "clay"), (2, "clay")]
