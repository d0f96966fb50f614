"""The inspector's questions, answered from the store in worker threads."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from saasdesk.connectors import CONNECTORS, Connector
from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.services import Services
from saasdesk.store import Store
from saasdesk.ui.canvas.inspector.around import Failed, FoundRecord, Matches
from saasdesk.ui.canvas.inspector.matches_dialog import MatchesDialog
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import ExportRequest, Memory, TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.workflows.blocks import KINDS, BeginSettings, World
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.record import RecordView
from saasdesk.workflows.records import matching_query, read_records
from saasdesk.workflows.rehearsing import Rehearsal, ask_vendor, rehearse
from saasdesk.workflows.trying import Trial, try_block
from saasdesk.workflows.wording import in_words
from saasdesk.workflows.workflows import world_of

_SOME = 3
_FOUND = 30

NewCredential = Callable[[Connector | None], Any]
"""Opens the form of a new credential, of this vendor where one is given; its `created` says the name."""


class Office(QObject):
    """The window around the inspector of one page; `world` is what workflows can refer to, read anew when asked.

    `world_changed` comes when it is another: give it to the model to look at its problems again.
    """

    world_changed = Signal()

    def __init__(
        self,
        services: Services,
        theme: Theme,
        readers: TableReaders,
        memory: Memory,
        page: QWidget,
        new_credential: NewCredential,
        export: Callable[[ExportRequest], object],
    ) -> None:
        super().__init__(page)
        self._services, self._theme, self._readers, self._memory = services, theme, readers, memory
        self._page = page
        self._reading = Reading(readers, self)
        self._new_credential, self._export = new_credential, export
        self.world = World({}, {}, {}, CONNECTORS)
        self.kind = ObjectKind.PEOPLE

    def read_world(
        self, kind: ObjectKind, then: Callable[[], object] | None = None, failed: Failed | None = None
    ) -> None:
        """Read what a workflow of this kind of record can refer to; asking again makes the answer before it stale."""
        store, vault = self._services.store, self._services.vault
        self.kind = kind

        def take(world: World) -> None:
            self.world = world
            self.world_changed.emit()
            if then is not None:
                then()

        self._reading.ask("world", lambda _stop: world_of(store, vault, kind), take, failed or _hear_nothing)

    def ask_for_credential(self, connector: str, created: Callable[[str], object]) -> None:
        dialog = self._new_credential(CONNECTORS.get(connector))
        dialog.created.connect(lambda name: self.read_world(self.kind, lambda: created(name)))

    def open_link(self, address: str) -> None:
        QDesktopServices.openUrl(QUrl(address))

    def count_matches(self, document: WorkflowDocument, heard: Callable[[Matches], object], failed: Failed) -> None:
        store, kind, world = self._services.store, document.record_kind, self.world

        def work(stop: threading.Event) -> Matches:
            query = matching_query(_begin_of(document, world))
            records = RecordList(store, kind)
            whole = records.count(ListQuery(active=query.active), stop)
            taken = records.count(query, stop)
            ids = list(records.first_ids(query, _SOME, stop))
            return Matches(taken, whole, tuple(record.label for record in read_records(store, kind, ids, stop)))

        self._reading.ask("matches", work, heard, failed)

    def show_matches(self, document: WorkflowDocument) -> None:
        query, kind = matching_query(_begin_of(document, self.world)), document.record_kind
        dialog = MatchesDialog(
            self._services.store,
            self._theme,
            self._readers,
            self._memory,
            kind,
            query,
            self._page.window(),
            export=self._export,
        )
        dialog.open()

    def find_records(
        self, kind: ObjectKind, text: str, heard: Callable[[Sequence[FoundRecord]], object], failed: Failed
    ) -> None:
        store = self._services.store

        def work(stop: threading.Event) -> tuple[FoundRecord, ...]:
            ids = list(RecordList(store, kind).first_ids(ListQuery(quick=text, active=None), _FOUND, stop))
            return tuple(
                FoundRecord(
                    record.id, record.label, _told_apart_by(record.text("email"), record.text("saas_application"))
                )
                for record in read_records(store, kind, ids, stop)
            )

        self._reading.ask("records", work, heard, failed)

    def try_block(
        self, document: WorkflowDocument, block: str, record: int, heard: Callable[[Trial], object], failed: Failed
    ) -> None:
        store, world = self._services.store, self.world

        def work(stop: threading.Event) -> Trial:
            return try_block(document, block, world, _record_of(store, document, record, stop))

        self._reading.ask("trial", work, heard, failed)

    def test_request(
        self,
        document: WorkflowDocument,
        block: str,
        record: int,
        is_real: bool,
        heard: Callable[[Rehearsal], object],
        failed: Failed,
    ) -> None:
        store, vault, world = self._services.store, self._services.vault, self.world

        def work(stop: threading.Event) -> Rehearsal:
            seen = _record_of(store, document, record, stop)
            if is_real:
                return ask_vendor(store, vault, document, block, world, seen, stop)
            # Only here: the simulated vendors take a while to load.
            from saasdesk.simulator.stage import stage

            with stage() as stand_ins:
                return rehearse(document, block, world, seen, stand_ins)

        self._reading.ask("test", work, heard, failed)


def _record_of(store: Store, document: WorkflowDocument, record: int, stop: threading.Event) -> RecordView:
    found = next(read_records(store, document.record_kind, [record], stop), None)
    if found is None:
        raise UserError("This record is not here any more. Choose another.")
    return found


def _begin_of(document: WorkflowDocument, world: World) -> BeginSettings:
    """Begin's settings; a UserError where they are half filled, by the labels of the form."""
    kind, begin = KINDS["begin"], document.of_kind("begin")[0]
    try:
        settings: BeginSettings = kind.settings_of(begin)
    except UserError as problem:
        raise UserError(in_words(str(problem), kind.form(begin.settings, document, world))) from None
    return settings


def _told_apart_by(*texts: str) -> str:
    return " · ".join(text for text in texts if text)


def _hear_nothing(_sentence: str) -> None:
    """Nobody waits for this answer."""
