"""Looking at the past: choosing a moment, and showing the records as they were then."""

from saasdesk.ui.past.looking_back import PAST_PAGES, LookingBack

__all__ = ["PAST_PAGES", "LookingBack"]
