"""One credential's calls are paced together, as fast as the vendor allows and no faster."""

import threading
import time
from dataclasses import dataclass

import pytest
from requests.structures import CaseInsensitiveDict

from saasdesk.errors import Cancelled
from saasdesk.web import Budget, budget_for


@dataclass(frozen=True)
class _Rate:
    per_minute: float
    burst: int


def test_that_a_burst_is_free_and_the_next_turn_waits():
    budget = Budget(per_minute=600, burst=3)
    stop = threading.Event()

    waits = [budget.take(stop) for _ in range(4)]

    assert max(waits[:3]) < 0.05
    assert waits[3] == pytest.approx(0.1, abs=0.05)


def test_that_threads_share_one_rate():
    budget = Budget(per_minute=6000, burst=1)
    stop = threading.Event()
    threads = [threading.Thread(target=lambda: [budget.take(stop) for _ in range(5)]) for _ in range(4)]
    start = time.monotonic()

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert time.monotonic() - start >= 0.18


def test_that_a_wait_is_announced_before_it_begins():
    budget = Budget(per_minute=600, burst=1)
    announced: list[float] = []

    budget.take(threading.Event(), announced.append)
    budget.take(threading.Event(), announced.append)

    assert announced == [pytest.approx(0.1, abs=0.02)]


def test_that_cancel_ends_a_wait_for_a_turn():
    budget = Budget(per_minute=1, burst=1)
    stop = threading.Event()
    budget.take(stop)
    threading.Timer(0.05, stop.set).start()

    start = time.monotonic()
    with pytest.raises(Cancelled):
        budget.take(stop)

    assert time.monotonic() - start < 1


def test_that_a_pause_holds_back_those_who_already_have_a_turn():
    budget = Budget(per_minute=600_000, burst=100)
    budget.take(threading.Event())

    budget.pause(0.1)

    assert budget.take(threading.Event()) == pytest.approx(0.1, abs=0.05)


def test_that_refusals_slow_the_rate_and_successes_bring_it_back():
    budget = Budget(per_minute=6000, burst=1)
    stop = threading.Event()
    for _ in range(20):
        budget.pause(0)
    budget.take(stop)

    slow = budget.take(stop)
    for _ in range(3000):
        budget.learn(CaseInsensitiveDict())
    budget.take(stop)
    usual = budget.take(stop)

    assert slow > 0.04
    assert usual < 0.03


def test_that_an_answer_saying_none_left_holds_the_next_call_back():
    budget = Budget(per_minute=600_000, burst=100)
    budget.take(threading.Event())

    budget.learn(CaseInsensitiveDict({"ratelimit-remaining": "0", "ratelimit-reset": "0.1"}))

    assert budget.take(threading.Event()) == pytest.approx(0.1, abs=0.05)


def test_that_turns_missed_in_a_vendors_pause_are_not_lost():
    budget = Budget(per_minute=6000, burst=1)
    stop = threading.Event()
    budget.take(stop)
    budget.learn(CaseInsensitiveDict({"ratelimit-remaining": "0", "ratelimit-reset": "0.2"}))
    budget.take(stop)

    start = time.monotonic()
    for _ in range(15):
        budget.take(stop)

    assert time.monotonic() - start < 0.1


def test_that_a_credential_has_one_budget_until_its_limit_changes():
    first = budget_for("test-credential", _Rate(60, 5))

    assert budget_for("test-credential", _Rate(60, 5)) is first
    assert budget_for("test-credential", _Rate(90, 5)) is not first
    assert budget_for("another-credential", _Rate(60, 5)) is not first
