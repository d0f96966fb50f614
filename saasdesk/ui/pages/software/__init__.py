"""Software: the SaaS applications, and of each one its users and licences."""

from saasdesk.ui.pages.software.page import SoftwarePage

__all__ = ["SoftwarePage"]
