"""What the status bar says of the search index, and that nobody is kept from quitting by it."""

from PySide6.QtWidgets import QApplication

from saasdesk.jobs import Job, Said
from saasdesk.records.search import Indexed
from saasdesk.ui.indexing import describe_indexing
from saasdesk.ui.moments import number
from saasdesk.ui.status_bar import INDEXING, Progress, StatusBar
from saasdesk.ui.theme import Theme


class Running:
    def __init__(self, *jobs: Job) -> None:
        self.jobs = jobs

    def running(self) -> tuple[Job, ...]:
        return self.jobs


def test_that_a_short_filling_is_not_told_and_a_long_one_with_its_share() -> None:
    assert describe_indexing(Indexed(1_000, 4_999)) is None
    assert describe_indexing("something else") is None
    assert describe_indexing(Indexed(50_000, 200_000)) == Progress(
        f"{number(50_000)} of {number(200_000)} records", 0.25
    )


def test_that_the_index_is_no_work_that_is_lost_when_the_program_ends(qapp: QApplication) -> None:
    filling, run = Job(1, "Preparing the search", INDEXING), Job(2, "PagerDuty", "integration:1")
    bar = StatusBar(Theme(qapp), Running(filling, run), describe_indexing)  # type: ignore[arg-type]

    bar.hear(Said(filling, Indexed(50_000, 200_000)))
    bar.announce(run)

    assert bar.shown_jobs() == (filling, run)
    assert bar.jobs_to_lose() == (run,)
