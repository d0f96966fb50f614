"""The search index: which records may contain a word, found without looking at every record.

It says too much rather than too little: whoever asks still looks at the records themselves. What was changed since it
was last brought up to date is on a list, written in the transaction of the change, and counts as found.
"""

from saasdesk.records.search.filling import Indexed, bring_up_to_date
from saasdesk.records.search.rows import INDEXED, Candidates, find_candidates, note_changes, note_records

__all__ = ["INDEXED", "Candidates", "Indexed", "bring_up_to_date", "find_candidates", "note_changes", "note_records"]
