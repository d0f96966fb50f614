"""Turns: who may run now, who waits for whom, and what is said about it."""

import threading
from collections.abc import Callable, Iterator

import pytest

from saasdesk.errors import Cancelled
from saasdesk.sync.turns import Claim, Shared, Turns

KEY = Claim(Shared.CREDENTIAL, "one")
OTHER_KEY = Claim(Shared.CREDENTIAL, "other")


class Runner:
    """A run in a thread of its own that wants a turn and keeps it until it is told to end."""

    def __init__(self, turns: Turns, name: str, *claims: Claim, takes_place: bool = False) -> None:
        self.heard: list[str] = []
        self.waits, self.has_it, self.is_over = threading.Event(), threading.Event(), threading.Event()
        self.stop, self._end = threading.Event(), threading.Event()
        self._turns, self._name, self._claims, self._takes_place = turns, name, claims, takes_place
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            with self._turns.turn(self._name, self._claims, self.stop, self._on_wait, takes_place=self._takes_place):
                self.has_it.set()
                self._end.wait(10)
        except Cancelled:
            self.heard.append("cancelled")
        self.is_over.set()

    def _on_wait(self, why: str) -> None:
        self.heard.append(why)
        self.waits.set()

    def end(self) -> None:
        """Give the turn back."""
        self._end.set()
        self._thread.join(10)


Start = Callable[..., Runner]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts runs on the same turns, and ends those that a test left going on."""
    turns, started = Turns(most_at_once=2), []

    def begin(name: str, *claims: Claim, takes_place: bool = False) -> Runner:
        runner = Runner(turns, name, *claims, takes_place=takes_place)
        started.append(runner)
        return runner

    yield begin
    for runner in started:
        runner.stop.set()
        runner.end()


def test_that_runs_with_different_keys_have_their_turns_together(start: Start) -> None:
    one, other = start("EU", KEY), start("US", OTHER_KEY)

    assert one.has_it.wait(10)
    assert other.has_it.wait(10)
    assert (one.heard, other.heard) == ([], [])


def test_that_a_run_waits_for_the_one_with_the_same_key_and_says_so(start: Start) -> None:
    one = start("EU", KEY)
    assert one.has_it.wait(10)

    other = start("US", OTHER_KEY, KEY)
    assert other.waits.wait(10)
    had_it_before = other.has_it.is_set()
    one.end()

    assert not had_it_before
    assert other.has_it.wait(10)
    assert other.heard == ["Waiting for “EU”, which uses the same key"]


def test_that_whoever_asked_first_goes_first(start: Start) -> None:
    first = start("1", KEY)
    assert first.has_it.wait(10)
    second = start("2", KEY, OTHER_KEY)
    assert second.waits.wait(10)

    third = start("3", OTHER_KEY)
    assert third.waits.wait(10)
    first.end()

    assert second.has_it.wait(10)
    assert third.heard == ["Waiting for “2”, which uses the same key"]
    assert not third.has_it.is_set()


def test_that_who_is_waited_for_is_told_anew_when_it_changes(start: Start) -> None:
    first, second = start("1", KEY), start("2", OTHER_KEY)
    assert first.has_it.wait(10)
    assert second.has_it.wait(10)
    third = start("3", KEY, OTHER_KEY)
    assert third.waits.wait(10)
    third.waits.clear()

    first.end()

    assert third.waits.wait(10)
    assert [why.split("”")[0] for why in third.heard] == ["Waiting for “1", "Waiting for “2"]


def test_that_only_so_many_run_at_once(start: Start) -> None:
    one, two = start("1", KEY, takes_place=True), start("2", OTHER_KEY, takes_place=True)
    assert one.has_it.wait(10)
    assert two.has_it.wait(10)

    three = start("3", takes_place=True)
    assert three.waits.wait(10)
    one.end()

    assert three.has_it.wait(10)
    assert three.heard == ["Waiting for one of 2 other runs to end"]


def test_that_a_free_place_goes_to_who_asked_first_and_can_use_it(start: Start) -> None:
    running = start("1", KEY, takes_place=True), start("2", takes_place=True)
    assert all(runner.has_it.wait(10) for runner in running)
    same_key = start("3", KEY, takes_place=True)
    assert same_key.waits.wait(10)
    first = start("4", takes_place=True)
    assert first.waits.wait(10)
    second = start("5", takes_place=True)
    assert second.waits.wait(10)

    running[1].end()

    assert first.has_it.wait(10)
    assert not second.has_it.is_set()
    assert not same_key.has_it.is_set()


def test_p09_that_a_run_that_waits_can_be_stopped_and_is_in_nobodys_way_then(start: Start) -> None:
    first = start("1", KEY)
    assert first.has_it.wait(10)
    second = start("2", KEY, OTHER_KEY)
    assert second.waits.wait(10)
    third = start("3", OTHER_KEY)
    assert third.waits.wait(10)

    second.stop.set()

    assert second.is_over.wait(2)
    assert second.heard[-1] == "cancelled"
    assert third.has_it.wait(10)


def test_that_a_run_that_fails_gives_its_turn_back() -> None:
    turns = Turns()

    def fail() -> None:
        with turns.turn("1", [KEY], threading.Event(), lambda _why: None, takes_place=True):
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()

    with turns.turn("2", [KEY], threading.Event(), pytest.fail, takes_place=True):
        pass
