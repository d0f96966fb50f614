"""What every page of records shares: a list that fills it, and an inspector beside the list."""

from saasdesk.ui.pages.record_list.inspector import InspectorWords, RecordFacts, RecordInspector
from saasdesk.ui.pages.record_list.page import PageWords, RecordListPage

__all__ = ["InspectorWords", "PageWords", "RecordFacts", "RecordInspector", "RecordListPage"]
