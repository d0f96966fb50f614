"""Saved views of a list: the button that chooses one, and what can be done with it."""

from saasdesk.ui.saved_views.places import ViewAsked, place_of_view
from saasdesk.ui.saved_views.saved_views import SavedViews

__all__ = ["SavedViews", "ViewAsked", "place_of_view"]
