"""The table component: records by the million, read in threads, filtered and sorted by the database."""

from saasdesk.ui.tables.layout import Memory
from saasdesk.ui.tables.no_rows import NothingYet
from saasdesk.ui.tables.readers import TableReaders
from saasdesk.ui.tables.record_table import ExportRequest, RecordTable
from saasdesk.ui.tables.source import TableSource

__all__ = ["ExportRequest", "Memory", "NothingYet", "RecordTable", "TableReaders", "TableSource"]
