"""The lines of a kept plan in the order in which they are read, as many as there are, without holding them."""

from saasdesk.sync.plan_index.index import GROUPS, HELD, PlanIndex, PlanSums, find_lines, stream_lines, sums_of
from saasdesk.sync.plan_index.rows import Word

__all__ = ["GROUPS", "HELD", "PlanIndex", "PlanSums", "Word", "find_lines", "stream_lines", "sums_of"]
