"""What a person's hand does to accounts, wherever they are shown."""

from saasdesk.ui.pages.accounts.matching import AccountMatching

__all__ = ["AccountMatching"]
