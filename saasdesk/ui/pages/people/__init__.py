"""People: the list, and beside it whoever is looked at."""

from saasdesk.ui.pages.people.page import PeoplePage

__all__ = ["PeoplePage"]
