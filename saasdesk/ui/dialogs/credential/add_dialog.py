"""Add new credential: the vendor, what the key is to do, the key, what it may do; nothing is kept before CREATE."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from saasdesk.connectors import CONNECTORS, Connector, Probe
from saasdesk.credentials import Credential, Draft, Entry, LockedKeyring
from saasdesk.errors import UserError
from saasdesk.services import Services
from saasdesk.sync.credentials import refuse_taken
from saasdesk.sync.probing import is_acting_untried, keep_tested, lacks_for_acting, probe_draft, with_permission
from saasdesk.ui.dialogs.connect_vendor.step import Step
from saasdesk.ui.dialogs.connect_vendor.steps_bar import StepsBar
from saasdesk.ui.dialogs.connect_vendor.work import Beginning, look_around
from saasdesk.ui.dialogs.credential.advanced_page import AdvancedPage
from saasdesk.ui.dialogs.credential.attempt import KEYRING_TROUBLE, attempt
from saasdesk.ui.dialogs.credential.check_page import CheckPage
from saasdesk.ui.dialogs.credential.key_page import KeyPage
from saasdesk.ui.dialogs.credential.permission_page import PermissionPage
from saasdesk.ui.dialogs.credential.vendor_page import VendorPage
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.careful_dialog import CarefulDialog
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.progress import ProgressBar
from saasdesk.ui.widgets.scroll_area import ScrollArea

_WIDTH, _HEIGHT = 720, 640


@dataclass(frozen=True, slots=True)
class _Tried:
    """A key that the vendor accepted, and what it said."""

    draft: Draft
    found: Probe
    lacks: tuple[str, ...] = ()
    unproven: str = ""


class AddCredentialDialog(CarefulDialog):
    """`created` names the new credential. With a connector it begins at that vendor's permission level."""

    created = Signal(str)

    def __init__(
        self,
        services: Services,
        theme: Theme,
        readers: TableReaders,
        connector: Connector | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self._services = services
        self._reading = Reading(readers, self)
        self._only = connector
        self._connector: Connector | None = None
        self._beginning: Beginning | None = None
        self._tried: _Tried | None = None
        self._is_busy = self._is_keeping = False
        self._build()
        if connector is None:
            self._show(self.vendor)
        else:
            self._choose(connector)

    @property
    def step(self) -> Step:
        """What is shown."""
        return self._pages[self._stack.currentIndex()]

    @property
    def is_busy(self) -> bool:
        """Whether the vendor or the keyring is being asked."""
        return self._is_busy

    def has_changes(self) -> bool:
        """Whether a key was entered; while it is tried, Escape stops that."""
        entered = (self.key.fields.key, self.advanced.name, *self.advanced.authorization.secrets)
        return not self._is_busy and any(edit.text() for edit in entered)

    def reject(self) -> None:
        """Escape and Cancel: first what goes on is stopped, then the dialog is left; nothing was kept."""
        if self._is_keeping:
            # The keyring has the key already, or is about to: that is over in a moment.
            return
        if self._is_busy:
            for question in ("begin", "try", "keep"):
                self._reading.forget(question)
            self._end_busy()
            return
        super().reject()

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("add-credential")
        self.setWindowTitle(self.tr("Add new credential"))
        room = self.screen().availableGeometry()
        self.resize(min(theme.px(_WIDTH), room.width()), min(theme.px(_HEIGHT), room.height()))
        self.vendor = VendorPage(theme, tuple(CONNECTORS.values()))
        self.permission = PermissionPage(theme)
        self.key = KeyPage(theme)
        self.advanced = AdvancedPage(theme, tuple(CONNECTORS.values()))
        self.check = CheckPage(theme)
        self._pages: tuple[Step, ...] = (self.vendor, self.permission, self.key, self.advanced, self.check)
        self._stack = QStackedWidget()
        for page in self._pages:
            scroll = ScrollArea(page)
            page.setAutoFillBackground(False)
            self._stack.addWidget(scroll)
        self._subject = PlainLabel(self.tr("Add new credential"), "secondary", "muted", elided=True)
        self._title = PlainLabel("", "section", elided=True)
        steps = [self.tr("Vendor"), self.tr("Permission level"), self.tr("Key"), self.tr("Check")]
        self.bar = StepsBar(theme, steps)
        self.advanced_bar = StepsBar(theme, [self.tr("Vendor"), self.tr("Advanced Mode"), self.tr("Check")])
        head = Column(theme, gap=0, margins=(24, 16, 24, 10))
        head.addWidget(self._subject)
        head.addWidget(self._title)
        column = Column(theme, gap=0)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addWidget(self.advanced_bar)
        column.addWidget(Line(theme))
        column.addWidget(self._stack, 1)
        column.addWidget(Line(theme))
        column.addLayout(self._build_foot())
        self.setLayout(column)
        self.vendor.chosen.connect(self._choose)
        self.vendor.advanced_wanted.connect(self._go_advanced)
        self.advanced.vendor_wanted.connect(self._prefill_advanced)
        self.check.read_only_wanted.connect(self._use_for_reading)
        self.check.unlock_wanted.connect(self._unlock)
        self.check.memory_wanted.connect(lambda: self._keep(in_memory=True))

    def _build_foot(self) -> Row:
        theme = self._theme
        self.busy_bar = ProgressBar(theme, self.tr("Working"), 72)
        self.busy_bar.set_share(None)
        self.busy_text = PlainLabel("", "secondary", "muted", elided=True)
        self.cancel = LinkButton(theme, self.tr("Cancel"))
        self.cancel.clicked.connect(self.reject)
        self.back = OutlinedButton(theme, self.tr("Back"), "arrow-left")
        self.back.clicked.connect(self._go_back)
        self.next = PrimaryButton(theme, "")
        self.next.setDefault(True)
        self.next.clicked.connect(self._go_on)
        foot = Row(theme, gap=8, margins=(16, 12, 24, 12))
        foot.addWidget(self.cancel)
        foot.addWidget(self.busy_bar)
        foot.addWidget(self.busy_text, 1)
        foot.addStretch(1)
        foot.addWidget(self.back)
        foot.addWidget(self.next)
        self.busy_bar.hide()
        self.busy_text.hide()
        return foot

    # Going from page to page

    def _show(self, page: Step) -> None:
        self._stack.setCurrentIndex(self._pages.index(page))
        is_advanced = page is self.advanced or (page is self.check and self._connector is None)
        self.bar.setVisible(not is_advanced)
        self.advanced_bar.setVisible(is_advanced)
        if is_advanced:
            self.advanced_bar.show_place(2 if page is self.check else 1)
        else:
            self.bar.show_place({self.vendor: 0, self.permission: 1, self.key: 2, self.check: 3}[page])
        self._title.set_text(page.title)
        if self._connector is not None and page is not self.vendor:
            self._subject.set_text(self.tr("New credential for {0}").format(self._connector.title))
        else:
            self._subject.set_text(self.tr("Add new credential"))
        self._show_buttons()
        field = page.first_field()
        (field if field is not None else self.next).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_buttons(self) -> None:
        page = self.step
        is_first = page is self.vendor or (page is self.permission and self._only is not None)
        self.next.setText(page.next_text)
        self.next.setVisible(bool(page.next_text))
        self.next.setEnabled(not self._is_busy)
        self.back.setVisible(not is_first)
        self.back.setEnabled(not self._is_busy)
        self.cancel.setText(self.tr("Stop") if self._is_busy else self.tr("Cancel"))
        self.cancel.setEnabled(not self._is_keeping)

    def _choose(self, connector: Connector) -> None:
        store, vault = self._services.store, self._services.vault

        def begun(beginning: Beginning) -> None:
            self._end_busy()
            self._beginning, self._connector = beginning, connector
            self.permission.show_vendor(connector)
            self._show(self.permission)

        self._begin_busy(self.tr("Looking what is here…"))
        self._reading.ask("begin", lambda _stop: look_around(store, vault, connector), begun, self._complain)

    def _go_advanced(self) -> None:
        self._connector = None
        self._show(self.advanced)

    def _prefill_advanced(self, connector: Connector) -> None:
        store, vault = self._services.store, self._services.vault
        self._reading.ask(
            "prefill",
            lambda _stop: look_around(store, vault, connector).prefilled,
            self.advanced.prefill,
            self._complain,
        )

    def _go_back(self) -> None:
        self.step.clear_problem()
        before = {self.permission: self.vendor, self.key: self.permission, self.advanced: self.vendor}
        if self.step is self.check:
            self._show(self.advanced if self._connector is None else self.key)
        else:
            self._show(before[self.step])

    def _go_on(self) -> None:
        if self._is_busy or not self.step.check():
            return
        match self.step:
            case self.permission:
                if self._connector is not None and self._beginning is not None:
                    self.key.show_vendor(self._connector, self.permission.kind, self._beginning)
                    self._show(self.key)
            case self.key | self.advanced:
                self._try()
            case self.check:
                self._keep()
            case _:
                pass

    # What is done

    def _try(self) -> None:
        make = self._make_draft()
        store, vault = self._services.store, self._services.vault

        def work(stop: threading.Event) -> _Tried | UserError:
            def tried() -> _Tried:
                draft = make()
                found = probe_draft(store, vault, draft, _hear_nothing, stop)
                known = CONNECTORS.get(draft.credential.connector)
                acts = known is not None and draft.credential.may_change
                if known is None or not acts:
                    return _Tried(draft, found)
                of_kind = known.of_kind(draft.credential.kind)
                lacks = lacks_for_acting(of_kind, found)
                needed = of_kind.help.role_to_act
                return _Tried(draft, found, lacks, "" if lacks or not is_acting_untried(of_kind, found) else needed)

            return attempt(tried)

        self._begin_busy(self.tr("Trying the key…"))
        self._reading.ask("try", work, self._on_tried, self._complain)

    def _make_draft(self) -> Callable[[], Draft]:
        vault, connector = self._services.vault, self._connector
        if connector is None:
            return self.advanced.draft_maker(vault)
        fields, kind, permission = self.key.fields, self.permission.kind, self.permission.permission.permission
        form, key = fields.form, fields.entered_key

        def make() -> Draft:
            refuse_taken(vault, form.name)
            entry = Entry(kind, permission, dict(form.inputs), form.base_url, form.expires)
            return vault.draft(form.name, connector, key, entry)

        return make

    def _on_tried(self, tried: _Tried | UserError) -> None:
        self._end_busy()
        if isinstance(tried, UserError):
            (self.advanced if self._connector is None else self.key).show_failure(tried)
            return
        self._tried = tried
        is_demo = self._services.profile.is_demo
        self.check.show_answer(tried.found, tried.lacks, is_demo=is_demo, unproven=tried.unproven)
        self._show(self.check)

    def _use_for_reading(self) -> None:
        if self._tried is not None:
            self._tried = _Tried(with_permission(self._tried.draft, "read"), self._tried.found)
            self.permission.permission.set_permission("read")
            self.check.show_answer(self._tried.found, (), is_demo=self._services.profile.is_demo)

    def _keep(self, *, in_memory: bool = False) -> None:
        vault, tried = self._services.vault, self._tried
        if tried is None:
            return

        def work(_stop: threading.Event) -> Credential | UserError:
            return attempt(lambda: keep_tested(vault, tried.draft, tried.found, in_memory=in_memory))

        self._is_keeping = True
        self._begin_busy(self.tr("Putting the key into the keyring…"))
        self._reading.ask("keep", work, self._on_kept, self._complain)

    def _on_kept(self, saved: Credential | UserError) -> None:
        self._end_busy()
        if isinstance(saved, KEYRING_TROUBLE):
            self.check.show_no_keyring(saved, may_unlock=isinstance(saved, LockedKeyring))
        elif isinstance(saved, UserError):
            self.check.show_problem(str(saved))
        else:
            self.key.fields.forget()
            self.advanced.forget()
            self.created.emit(saved.name)
            self.accept()

    def _unlock(self) -> None:
        vault = self._services.vault

        def unlocked(problem: UserError | None) -> None:
            self._end_busy()
            if problem is not None:
                self.check.show_no_keyring(problem, may_unlock=isinstance(problem, LockedKeyring))
            else:
                self._keep()

        self._begin_busy(self.tr("Asking the keyring…"))
        self._reading.ask("keep", lambda _stop: attempt(vault.unlock), unlocked, self._complain)

    def _begin_busy(self, doing: str) -> None:
        self._is_busy = True
        self.busy_text.set_text(doing)
        self.busy_text.show()
        self.busy_bar.show()
        self.step.set_busy(is_busy=True)
        self._show_buttons()

    def _end_busy(self) -> None:
        self._is_busy = self._is_keeping = False
        self.busy_text.hide()
        self.busy_bar.hide()
        self.step.set_busy(is_busy=False)
        self._show_buttons()

    def _complain(self, sentence: str) -> None:
        self._end_busy()
        self.step.show_problem(sentence)


def _hear_nothing(_news: object) -> None:
    """A test takes seconds: what it says on the way is not shown."""
