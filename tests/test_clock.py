from datetime import UTC, datetime, timedelta, timezone

import pytest

from saasdesk.clock import as_text, is_as_kept


def test_that_a_moment_is_kept_in_utc_to_the_second() -> None:
    moment = datetime(2026, 3, 1, 9, 15, 0, 250_000, tzinfo=timezone(timedelta(hours=1)))

    assert as_text(moment) == "2026-03-01T08:15:00Z"


def test_that_an_early_year_keeps_its_four_digits() -> None:
    assert as_text(datetime(1, 1, 1, tzinfo=UTC)) == "0001-01-01T00:00:00Z"


def test_that_what_is_written_is_recognised() -> None:
    assert is_as_kept(as_text(datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)))


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29T08:15:00Z",
        "0000-01-01T08:15:00Z",
        "2026-03-01T24:00:00Z",
        "2026-03-01T08:15:60Z",
        "2026-03-01 08:15:00Z",
        "2026-03-01T08:15:00+00:00",
        "2026-03-01T08:15Z",
        " 2026-03-01T08:15:00Z",
        "2026-03-01T08:15:00Z\n",
        "٢٠٢٦-03-01T08:15:00Z",
        "",
    ],
)
def test_that_other_texts_and_days_that_never_were_are_not_taken_for_kept_moments(text: str) -> None:
    assert not is_as_kept(text)
