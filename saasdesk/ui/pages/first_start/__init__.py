"""The first start: three ways to begin."""

from saasdesk.ui.pages.first_start.page import FirstStartPage
from saasdesk.ui.pages.first_start.restoring import RestoreQuestion

__all__ = ["FirstStartPage", "RestoreQuestion"]
