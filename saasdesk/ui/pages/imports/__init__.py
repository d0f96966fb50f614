"""Importing people or assets from a CSV file."""

from saasdesk.ui.pages.imports.page import ImportPage

__all__ = ["ImportPage"]
