"""Documents that an admin names and keeps: dashboards, reports, saved views. One shape, one way to keep them."""

from saasdesk.reports.documents.document import NamedDocument
from saasdesk.reports.documents.keeping import Documents
from saasdesk.reports.documents.rows import Kept, Unreadable

__all__ = ["Documents", "Kept", "NamedDocument", "Unreadable"]
