"""Connect a vendor: from the choice of the vendor and its key to the first plan and Launch."""

from saasdesk.ui.dialogs.connect_vendor.opener import ConnectVendor

__all__ = ["ConnectVendor"]
