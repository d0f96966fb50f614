"""Configuration: the data model and the global variables, in the words of the articles."""

from saasdesk.ui.pages.configuration.page import ConfigurationPage

__all__ = ["ConfigurationPage"]
