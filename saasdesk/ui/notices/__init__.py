"""The bell in the window's frame, and what it shows."""

from saasdesk.ui.notices.bell import Bell
from saasdesk.ui.notices.centre import NoticeCentre

__all__ = ["Bell", "NoticeCentre"]
