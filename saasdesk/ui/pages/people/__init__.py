"""People: the list with whoever is looked at beside it, and the page of one person."""

from saasdesk.ui.pages.people.page import PeoplePage
from saasdesk.ui.pages.people.person_page import PersonPage

__all__ = ["PeoplePage", "PersonPage"]
