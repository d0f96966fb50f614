"""Atlassian's administration: organisations with managed accounts, user management, and a provisioning directory.

Three APIs in one place, each with keys and error bodies of its own, as they are in life. A name or an e-mail address
that its owner hides is left out; what else can be missing or null is missing or null for somebody.
"""

from saasdesk.simulator.atlassian.ids import AccountIds
from saasdesk.simulator.atlassian.keys import KeyKind
from saasdesk.simulator.atlassian.organisations import LABS, MAIN
from saasdesk.simulator.atlassian.vendor import Atlassian

__all__ = ["LABS", "MAIN", "AccountIds", "Atlassian", "KeyKind"]
