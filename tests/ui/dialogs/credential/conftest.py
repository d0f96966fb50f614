from tests.ui.dialogs.connect_vendor.conftest import desk, keyring, office

__all__ = ["desk", "keyring", "office"]
