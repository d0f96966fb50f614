"""The sections of an integration, each with its own form: details, credential, schedule, rules."""

from saasdesk.ui.pages.integrations.editing.sections import Sections

__all__ = ["Sections"]
