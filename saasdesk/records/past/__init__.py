"""What the records were at some moment, read back from the history of their changes."""

from saasdesk.records.past.comparison import Comparison, Difference, compare, stream_differences
from saasdesk.records.past.past import Moment, moment_of_day, moment_of_run, moment_of_text, past_store

__all__ = [
    "Comparison",
    "Difference",
    "Moment",
    "compare",
    "moment_of_day",
    "moment_of_run",
    "moment_of_text",
    "past_store",
    "stream_differences",
]
