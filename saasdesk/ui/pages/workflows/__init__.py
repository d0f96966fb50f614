"""Workflows: all of them, one in its editor, its plan, and what it did."""

from saasdesk.ui.pages.workflows.page import WorkflowsPage

__all__ = ["WorkflowsPage"]
