"""Activity: what is going on, and what every sync session did."""

from saasdesk.ui.pages.activity.page import ActivityPage

__all__ = ["ActivityPage"]
