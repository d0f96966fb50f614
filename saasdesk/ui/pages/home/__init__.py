"""Home: what needs attention, a few figures, and what happened lately."""

from saasdesk.ui.pages.home.page import HomePage

__all__ = ["HomePage"]
