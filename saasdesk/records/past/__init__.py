"""What the records were at some moment, read back from the history of their changes."""

from saasdesk.records.past.comparison import Comparison, Difference, compare, stream_differences
from saasdesk.records.past.past import (
    Moment,
    last_changes_of_runs,
    moment_of_day,
    moment_of_run,
    moment_of_text,
    past_store,
)

__all__ = [
    "Comparison",
    "Difference",
    "Moment",
    "compare",
    "last_changes_of_runs",
    "moment_of_day",
    "moment_of_run",
    "moment_of_text",
    "past_store",
    "stream_differences",
]
