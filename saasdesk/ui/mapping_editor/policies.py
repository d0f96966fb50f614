"""When a value is written, as an admin reads it: in the menu, in a tag, in the tool tip."""

from PySide6.QtCore import QCoreApplication

from saasdesk.mapping import Policy


def policies_in_words() -> dict[Policy, str]:
    """Every policy, the usual one first."""
    return {
        Policy.ALWAYS: _tr("Always"),
        Policy.ONLY_IF_EMPTY: _tr("Only if the field is empty"),
        Policy.ONLY_IF_SOURCE_FILLED: _tr("Only if the source is filled"),
        Policy.OVER_MANUAL: _tr("Also over what was edited by hand"),
    }


def policy_in_short(policy: Policy) -> str:
    """The same where there is room for two words."""
    return {
        Policy.ALWAYS: _tr("always"),
        Policy.ONLY_IF_EMPTY: _tr("if empty"),
        Policy.ONLY_IF_SOURCE_FILLED: _tr("if filled"),
        Policy.OVER_MANUAL: _tr("over edits"),
    }[policy]


def _tr(text: str) -> str:
    return QCoreApplication.translate("MappingEditor", text)
