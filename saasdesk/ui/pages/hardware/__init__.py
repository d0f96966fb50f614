"""Hardware: the list of assets, and beside it the one that is looked at."""

from saasdesk.ui.pages.hardware.page import HardwarePage

__all__ = ["HardwarePage"]
