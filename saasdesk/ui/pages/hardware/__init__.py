"""Hardware: the list of assets, and beside it the one that is looked at; and the page of one."""

from saasdesk.ui.pages.hardware.asset_page import AssetPage
from saasdesk.ui.pages.hardware.page import HardwarePage

__all__ = ["AssetPage", "HardwarePage"]
