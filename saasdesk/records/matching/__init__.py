"""Whose account it is, said by a person: matched, un-matched, and kept so by every run."""

from saasdesk.records.matching.matching import (
    Candidate,
    Match,
    candidates,
    match,
    read_account,
    take_back,
)
from saasdesk.records.matching.rows import AccountToMatch

__all__ = ["AccountToMatch", "Candidate", "Match", "candidates", "match", "read_account", "take_back"]
