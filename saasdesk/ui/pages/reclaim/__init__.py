"""Reclaim: seats that could be given back, lists of those that were approved, and what is left alone."""

from saasdesk.ui.pages.reclaim.page import ReclaimPage

__all__ = ["ReclaimPage"]
