"""Reports: questions to the records that are kept, looked at, run and handed on."""

from saasdesk.ui.pages.reports.page import ReportsPage

__all__ = ["ReportsPage"]
