"""Settings: appearance, storage, keyring, network, diagnostics."""

from saasdesk.ui.pages.settings.page import SettingsPage

__all__ = ["SettingsPage"]
