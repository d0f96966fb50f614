"""The SQL behind lists of records; every value is a parameter, every name comes from `fields` or from here."""

from saasdesk.records.listing.rows.expressions import Expression
from saasdesk.records.listing.rows.questions import (
    Tally,
    application_name,
    count_records,
    integration_name,
    is_first_page_quick,
    select_groups,
    select_ids,
    select_rows,
    select_tallies,
    stream_rows,
)
from saasdesk.records.listing.rows.readable import readable_order, teach
from saasdesk.records.listing.rows.shape import Narrowing, Searched, Shape, Wanted, comparable_columns, read_shape

__all__ = [
    "Expression",
    "Narrowing",
    "Searched",
    "Shape",
    "Tally",
    "Wanted",
    "application_name",
    "comparable_columns",
    "count_records",
    "integration_name",
    "is_first_page_quick",
    "read_shape",
    "readable_order",
    "select_groups",
    "select_ids",
    "select_rows",
    "select_tallies",
    "stream_rows",
    "teach",
]
