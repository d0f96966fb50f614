"""Integrations: the block view, and the page of one integration."""

from saasdesk.ui.pages.integrations.page import IntegrationsPage
from saasdesk.ui.pages.integrations.run_watch import RunWatch

__all__ = ["IntegrationsPage", "RunWatch"]
