"""Lists of records: what they show, how they are filtered and sorted, read piece by piece however long they are."""

from saasdesk.records.listing.columns import (
    Account,
    AccountState,
    Column,
    ColumnType,
    Group,
    Special,
    Value,
    account_state,
    accounts_in_words,
)
from saasdesk.records.listing.query import Counting, ListQuery
from saasdesk.records.listing.record_list import RecordList, Row, as_json

__all__ = [
    "Account",
    "AccountState",
    "Column",
    "ColumnType",
    "Counting",
    "Group",
    "ListQuery",
    "RecordList",
    "Row",
    "Special",
    "Value",
    "account_state",
    "accounts_in_words",
    "as_json",
]
