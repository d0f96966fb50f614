"""What is done with credentials, wherever they are shown: made, tested, changed, given a new key, deleted."""

from saasdesk.ui.dialogs.credential.actions import CredentialActions

__all__ = ["CredentialActions"]
