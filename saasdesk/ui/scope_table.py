"""What a key may do, feature by feature: works, or not, and what to change."""

from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import QCoreApplication

from saasdesk.ui.tables.lines import Heading
from saasdesk.ui.tables.text_table import Text, TextTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.status_word import Status, status


class Feature(Protocol):
    """A feature as a test found it, just now or when it was last tried."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def works(self) -> bool | None:
        """Whether the key can do it; None where nobody could find out."""

    @property
    def advice(self) -> str:
        """What to change."""


class ScopeTable(TextTable):
    """Feature / works / what to change."""

    def __init__(self, theme: Theme) -> None:
        headings = [Heading(_tr("Feature"), 136), Heading(_tr("Works"), 136), Heading(_tr("What to change"))]
        super().__init__(theme, _tr("What the key may do"), headings)

    def show_features(self, features: Iterable[Feature]) -> None:
        """Show what a test found."""
        self.show_rows([_row(feature) for feature in features])


def _row(feature: Feature) -> tuple[Text, Text, Text]:
    advice = feature.advice if feature.works is not True else ""
    return (Text(feature.name, role="name"), Text(status=_works(feature)), Text(advice, "muted", "secondary"))


def _works(feature: Feature) -> Status:
    if feature.works is None:
        return status("not_checked")
    return status("yes" if feature.works else "no")


def _tr(text: str) -> str:
    return QCoreApplication.translate("ScopeTable", text)
