"""Two records of one person: found, merged to one as a plan says, and taken apart again."""

from saasdesk.records.merging.duplicates import Duplicate, find_duplicates, set_differ
from saasdesk.records.merging.merging import Merged, MergePlan, Moves, merge, merges_of, plan_merge, undo_merge
from saasdesk.records.merging.rows import MergeRow

__all__ = [
    "Duplicate",
    "MergePlan",
    "MergeRow",
    "Merged",
    "Moves",
    "find_duplicates",
    "merge",
    "merges_of",
    "plan_merge",
    "set_differ",
    "undo_merge",
]
