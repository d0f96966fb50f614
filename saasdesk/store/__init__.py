"""The database of a profile: one thread writes, everybody reads, and nothing is half done."""

from saasdesk.store.connections import Connection, Stage
from saasdesk.store.database import Store
from saasdesk.store.failures import DamagedDatabase, NewerDatabase
from saasdesk.store.past import PastStore

__all__ = ["Connection", "DamagedDatabase", "NewerDatabase", "PastStore", "Stage", "Store"]
