"""Saved views: which records of a list are shown, and how; each by its name."""

from saasdesk.reports.views.view import ViewDocument
from saasdesk.reports.views.views import (
    ViewChoice,
    ViewRow,
    add_view,
    delete_view,
    list_choices,
    list_views,
    save_view,
    unreadable_views,
)

__all__ = [
    "ViewChoice",
    "ViewDocument",
    "ViewRow",
    "add_view",
    "delete_view",
    "list_choices",
    "list_views",
    "save_view",
    "unreadable_views",
]
