"""The plan viewer: the exact changes before they are made."""

from saasdesk.ui.pages.plan.page import PlanPage

__all__ = ["PlanPage"]
