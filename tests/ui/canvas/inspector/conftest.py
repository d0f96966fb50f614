"""An inspector beside a workflow, and a window around it that remembers what it was asked."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from saasdesk.fields import ObjectKind
from saasdesk.ui.canvas.inspector import FoundRecord, Inspector, Matches
from saasdesk.ui.canvas.inspector.around import Failed
from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.theme import Theme
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.rehearsing import Rehearsal
from saasdesk.workflows.trying import Trial


@dataclass
class AskedAround:
    """Answers at once."""

    matches: Matches | str = field(default_factory=lambda: Matches(12, 412, ("Ann", "Ben")))
    vendors: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    listed: list[WorkflowDocument] = field(default_factory=list)
    tried: list[tuple[str, int]] = field(default_factory=list)
    refusal: str = ""

    def ask_for_credential(self, connector: str, created: Callable[[str], object]) -> None:
        self.vendors.append(connector)
        created("pd key")

    def open_link(self, address: str) -> None:
        self.links.append(address)

    def count_matches(self, document: WorkflowDocument, heard: Callable[[Matches], object], failed: Failed) -> None:
        if isinstance(self.matches, Matches):
            heard(self.matches)
        else:
            failed(self.matches)

    def show_matches(self, document: WorkflowDocument) -> None:
        self.listed.append(document)

    def find_records(
        self, kind: ObjectKind, text: str, heard: Callable[[Sequence[FoundRecord]], object], failed: Failed
    ) -> None:
        heard([FoundRecord(7, "Ann", "ann@example.com")])

    def try_block(
        self, document: WorkflowDocument, block: str, record: int, heard: Callable[[Trial], object], failed: Failed
    ) -> None:
        self.tried.append((block, record))
        heard(Trial("success", requests=("DELETE api.example.com/users/PANN",)))

    def test_request(
        self,
        document: WorkflowDocument,
        block: str,
        record: int,
        is_real: bool,
        heard: Callable[[Rehearsal], object],
        failed: Failed,
    ) -> None:
        if self.refusal:
            failed(self.refusal)
            return
        answer = '200\n{"user": {"role": "admin", "teams": [{"full-name": "Ops"}]}}'
        heard(Rehearsal("GET api.example.com/users/PANN", answer, "success", "It is there.", is_real=is_real))


@pytest.fixture(scope="module")
def theme(qapp: QApplication) -> Iterator[Theme]:
    """One look for all tests here: dressing the program again for each costs more than the tests."""
    look = Theme(qapp, "light")
    yield look
    qapp.setStyleSheet("QWidget {}")
    look.deleteLater()


@pytest.fixture
def around() -> AskedAround:
    return AskedAround()


@pytest.fixture
def inspector(qtbot: QtBot, theme: Theme, model: WorkflowModel, around: AskedAround) -> Iterator[Inspector]:
    # As in the editor, the window is larger than its pane and none of its affair.
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(theme.px(800), theme.px(800))
    pane = Inspector(theme, model, around, window)
    pane.resize(theme.px(344), theme.px(800))
    window.show()
    yield pane
    window.close()
