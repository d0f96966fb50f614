"""The dialog that connects a vendor: one step after the other, and a way back from each."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QStackedWidget, QWidget

from saasdesk.connectors import CONNECTORS, Connector
from saasdesk.credentials.keyrings import LockedKeyring, NoKeyring, SilentKeyring
from saasdesk.errors import Cancelled, UserError
from saasdesk.jobs import Ended, Job, Message, Said, Tell
from saasdesk.services import Services
from saasdesk.sync.events import SyncResult
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.dialogs.connect_vendor import work
from saasdesk.ui.dialogs.connect_vendor.check_step import CheckStep
from saasdesk.ui.dialogs.connect_vendor.integration_step import IntegrationStep
from saasdesk.ui.dialogs.connect_vendor.key_step import KeyStep
from saasdesk.ui.dialogs.connect_vendor.launch_step import LaunchStep
from saasdesk.ui.dialogs.connect_vendor.plan_step import PlanStep
from saasdesk.ui.dialogs.connect_vendor.records_step import RecordsStep
from saasdesk.ui.dialogs.connect_vendor.step import Step
from saasdesk.ui.dialogs.connect_vendor.steps_bar import StepsBar
from saasdesk.ui.dialogs.connect_vendor.vendor_step import VendorStep
from saasdesk.ui.dialogs.connect_vendor.work import Beginning, Connecting
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.integrations.run_progress import waiting_in_words
from saasdesk.ui.tables.marks import mark_of
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import DangerButton, LinkButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.monogram import Monogram
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.progress import ProgressBar
from saasdesk.ui.widgets.question import Question
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.web import Waiting

_log = logging.getLogger(__name__)

_WIDTH, _HEIGHT = 720, 680
_KEYRING_TROUBLE = (NoKeyring, LockedKeyring, SilentKeyring)


@dataclass(slots=True)
class _Task:
    """What goes on just now, and who takes its answer."""

    job: Job
    then: Callable[[Any], None]
    failed: Callable[[BaseException], None]


class ConnectVendorDialog(QDialog):
    """Nothing is left behind by Cancel, unless the admin wants to keep the draft."""

    plan_opened = Signal()

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        bridge: Bridge,
        *,
        connectors: tuple[Connector, ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._frame = frame
        self._theme = theme
        self._connectors = connectors or tuple(c.loading(wanted) for c in CONNECTORS.values() for wanted in c.objects)
        self._connecting: Connecting | None = None
        self._task: _Task | None = None
        self._is_stopping = False
        self._question: Question | None = None
        self._may_close = False
        self._waiting: Waiting | None = None
        self._countdown = QTimer(self)
        self._countdown.setInterval(1_000)
        self._countdown.timeout.connect(self._show_wait)
        self._build()
        self._connect(bridge)
        self._show(self.vendor)

    @property
    def connecting(self) -> Connecting | None:
        """How far it is; None before a vendor is chosen."""
        return self._connecting

    @property
    def is_busy(self) -> bool:
        """Whether something goes on in the background."""
        return self._task is not None

    @property
    def step(self) -> Step:
        """The step that is shown."""
        return self._steps[self._place]

    def reject(self) -> None:
        """Escape and Cancel: first what goes on is stopped, then the dialog is left."""
        if self._task is not None:
            self._stop_task()
        elif self._may_close or self._connecting is None or not self._connecting.has_something_to_lose:
            super().reject()
        else:
            self._ask_what_to_keep()

    def done(self, result: int) -> None:
        """Close; an integration that stays, as a draft or launched, is shown among the others."""
        super().done(result)
        self._frame.say("")
        if self._connecting is not None and self._connecting.integration is not None:
            self._frame.navigate("integrations")

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._task is None and (
            self._may_close or self._connecting is None or not self._connecting.has_something_to_lose
        ):
            super().closeEvent(event)
            return
        event.ignore()
        self.reject()

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("connect-vendor")
        self.setWindowTitle(self.tr("Connect a vendor"))
        room = self.screen().availableGeometry()
        self.resize(min(theme.px(_WIDTH), room.width()), min(theme.px(_HEIGHT), room.height()))
        self.vendor = VendorStep(theme, self._connectors)
        self.key = KeyStep(theme, is_demo=self._services.profile.is_demo)
        self.check = CheckStep(theme)
        self.records = RecordsStep(theme)
        self.integration = IntegrationStep(theme)
        self.plan = PlanStep(theme)
        self.launch = LaunchStep(theme)
        self._steps: tuple[Step, ...] = (
            self.vendor,
            self.key,
            self.check,
            self.records,
            self.integration,
            self.plan,
            self.launch,
        )
        self._place = 0
        self._tile = Monogram(theme, "?", size=32, tile=True)
        self._title = PlainLabel("", "section", elided=True)
        self._vendor_name = PlainLabel("", "secondary", "muted", elided=True)
        self.bar = StepsBar(
            theme,
            [
                self.tr("Vendor"),
                self.tr("Key"),
                self.tr("Check"),
                self.tr("First records"),
                self.tr("Integration"),
                self.tr("First plan"),
                self.tr("Launch"),
            ],
        )
        words = Column(theme, gap=0)
        words.addWidget(self._vendor_name)
        words.addWidget(self._title)
        head = Row(theme, gap=12, margins=(24, 16, 24, 10))
        head.addWidget(self._tile)
        head.addLayout(words, 1)
        # With its parent from the beginning: each time a tree of widgets gets another, all of it is dressed anew.
        self._stack = QStackedWidget(self)
        for step in self._steps:
            scroll = ScrollArea(step, self._stack)
            step.setAutoFillBackground(False)
            self._stack.addWidget(scroll)
        column = Column(theme, gap=0)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addWidget(Line(theme))
        column.addWidget(self._stack, 1)
        column.addWidget(Line(theme))
        column.addWidget(self._build_foot())
        self.setLayout(column)

    def _build_foot(self) -> QWidget:
        theme = self._theme
        self.busy_text = PlainLabel("", "secondary", "muted", elided=True)
        self.busy_bar = ProgressBar(theme, self.tr("Working"), 72)
        self.busy_bar.set_share(None)
        self.cancel_button = LinkButton(theme, self.tr("Cancel"))
        self.back_button = OutlinedButton(theme, self.tr("Back"), icon="arrow-left")
        self.next_button = PrimaryButton(theme, "")
        row = Row(theme, gap=8, margins=(16, 12, 24, 12))
        row.addWidget(self.cancel_button)
        row.addSpacing(theme.px(8))
        row.addWidget(self.busy_bar)
        row.addWidget(self.busy_text, 1)
        row.addStretch(1)
        row.addWidget(self.back_button)
        row.addWidget(self.next_button)
        foot = QWidget()
        foot.setObjectName("foot")
        foot.setLayout(row)
        self.busy_bar.hide()
        self.busy_text.hide()
        self.next_button.setDefault(True)
        return foot

    def _connect(self, bridge: Bridge) -> None:
        self.vendor.chosen.connect(self._on_vendor_chosen)
        self.key.unlock_wanted.connect(self._on_unlock_wanted)
        self.key.keep_in_memory_wanted.connect(self._on_keep_in_memory_wanted)
        self.check.again_wanted.connect(self._check_key)
        self.plan.begin_wanted.connect(self._make_plan)
        self.plan.cancel_wanted.connect(self._stop_task)
        self.plan.plan_wanted.connect(self._on_plan_wanted)
        self.launch.run_wanted.connect(self._on_run_wanted)
        self.cancel_button.clicked.connect(self.reject)
        self.back_button.clicked.connect(self._on_back)
        self.next_button.clicked.connect(self._on_next)
        for step in self._steps:
            step.changed.connect(self._show_buttons)
        bridge.heard.connect(self._on_heard)

    # Going from step to step

    def _show(self, step: Step) -> None:
        self._place = self._steps.index(step)
        connecting = self._connecting
        if connecting is not None and step is not self.vendor:
            self._tile.set_name(connecting.connector.title, letters=mark_of(connecting.connector.title))
            self._vendor_name.set_text(self.tr("Connect {0}").format(connecting.connector.title))
            step.begin(connecting)
        else:
            self._vendor_name.set_text(self.tr("Connect a vendor"))
        self._tile.setVisible(connecting is not None and step is not self.vendor)
        self._title.set_text(step.title)
        self._stack.setCurrentIndex(self._place)
        self.bar.show_place(self._place)
        self._show_buttons()
        field = step.first_field()
        (field if field is not None else self.next_button).setFocus(Qt.FocusReason.OtherFocusReason)
        self._frame.say(self.bar.accessibleName())

    def _show_buttons(self) -> None:
        step, is_busy = self.step, self.is_busy
        is_launched = step is self.launch
        self.next_button.setText(step.next_text)
        self.next_button.setVisible(bool(step.next_text))
        self.next_button.setEnabled(step.can_go_on and not is_busy)
        self.back_button.setVisible(step not in (self.vendor, self.launch))
        self.back_button.setEnabled(not is_busy)
        words = self.tr("Close") if is_launched else self.tr("Cancel")
        self.cancel_button.setText(self.tr("Stop") if is_busy else words)

    def _on_vendor_chosen(self, connector: Connector) -> None:
        if self._connecting is not None and self._connecting.connector is connector:
            self._show(self.key)
            return
        store, vault = self._services.store, self._services.vault
        self._start(
            self.tr("Looking what is here…"),
            lambda _tell, _stop: work.look_around(store, vault, connector),
            lambda beginning: self._on_beginning(connector, beginning),
            self._show_error,
        )

    def _on_beginning(self, connector: Connector, beginning: Beginning) -> None:
        self._connecting = Connecting(connector, beginning)
        self._show(self.key)

    def _on_back(self) -> None:
        self.step.clear_problem()
        self._show(self._steps[self._place - 1])

    def _on_next(self) -> None:
        if self.is_busy or not self.step.check():
            return
        match self.step:
            case self.key:
                self._save_and_check()
            case self.check:
                self._read_first()
            case self.records:
                self._show(self.integration)
            case self.integration:
                self._save_draft()
            case self.plan:
                self._launch()
            case _:
                pass

    # What is done

    def _save_and_check(self, *, in_memory: bool = False) -> None:
        connecting = self._known()
        known = self.key.uses_known_key
        if known:
            self._connecting = replace(connecting, credential=known, probe=None, records=None)
            self._check_key()
            return
        vault, form, key = self._services.vault, self.key.form, self.key.entered_key
        further = self.key.entered_further
        self._start(
            self.tr("Putting the key into the keyring…"),
            lambda _tell, _stop: work.keep_key(vault, connecting, form, key, further, in_memory=in_memory),
            self._on_key_kept,
            self._on_keyring_refused,
        )

    def _on_key_kept(self, connecting: Connecting) -> None:
        self._connecting = connecting
        self.key.note_saved(connecting)
        self._check_key()

    def _on_keyring_refused(self, error: BaseException) -> None:
        if isinstance(error, _KEYRING_TROUBLE):
            self.key.show_no_keyring(error, may_unlock=isinstance(error, LockedKeyring))
        else:
            self._show_error(error)

    def _on_unlock_wanted(self) -> None:
        vault = self._services.vault
        self._start(
            self.tr("Asking the keyring…"),
            lambda _tell, _stop: work.unlock(vault),
            lambda _nothing: self._on_next(),
            self._on_keyring_refused,
        )

    def _on_keep_in_memory_wanted(self) -> None:
        if self.key.check():
            self._save_and_check(in_memory=True)

    def _check_key(self) -> None:
        store, vault, connecting = self._services.store, self._services.vault, self._known()
        self._start(
            self.tr("Asking {0}…").format(connecting.connector.title),
            lambda tell, stop: work.check_key(store, vault, connecting, tell, stop),
            lambda checked: self._go_on(checked, self.check),
            self._on_key_refused,
        )

    def _on_key_refused(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self._show(self.key)
            self.key.show_failure(error)
        else:
            self._show_error(error)

    def _read_first(self) -> None:
        store, vault, connecting = self._services.store, self._services.vault, self._known()
        self._start(
            self.tr("Reading the first {0}…").format(connecting.connector.loaded_noun),
            lambda tell, stop: work.read_first(store, vault, connecting, tell, stop),
            lambda read: self._go_on(read, self.records),
            self._show_error,
        )

    def _save_draft(self) -> None:
        store, connecting, document = self._services.store, self._known(), self.integration.document
        saved = connecting.integration
        if saved is not None and saved.document == document and connecting.plan is not None:
            self._show(self.plan)
            return
        self._start(
            self.tr("Saving the draft…"),
            lambda _tell, _stop: work.save_draft(store, connecting, document),
            self._on_draft_saved,
            self._show_error,
        )

    def _on_draft_saved(self, connecting: Connecting) -> None:
        self._go_on(connecting, self.plan)
        self._make_plan()

    def _make_plan(self) -> None:
        store, vault, connecting = self._services.store, self._services.vault, self._known()
        integration = connecting.integration
        if integration is None:
            return
        self._start(
            "",
            lambda tell, stop: work.make_first_plan(store, vault, connecting, tell, stop),
            self._on_planned,
            self._on_plan_failed,
            name=self.tr("First plan: {0}").format(integration.name),
            about=f"integration:{integration.id}",
        )
        if self._task is not None:
            self.plan.note_started(self._task.job, integration.name)
            self.plan.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.plan.show_failure(self.tr("No plan was made yet."))

    def _on_planned(self, result: SyncResult) -> None:
        self._connecting = replace(self._known(), plan=result)
        self.plan.show_result(result)
        if self.plan.can_go_on:
            self.next_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_plan_failed(self, error: BaseException) -> None:
        self.plan.show_failure(_sentence(error))

    def _launch(self) -> None:
        store, vault, connecting = self._services.store, self._services.vault, self._known()
        self._start(
            self.tr("Launching…"),
            lambda _tell, _stop: work.launch_it(store, vault, connecting),
            lambda launched: self._go_on(launched, self.launch),
            self._show_error,
        )

    def _on_run_wanted(self) -> None:
        store, vault, connecting = self._services.store, self._services.vault, self._known()
        integration = connecting.integration
        if integration is None:
            return
        self.accept()
        self._frame.start_job(
            lambda tell, stop: work.run_for_real(store, vault, connecting, tell, stop),
            integration.name,
            f"integration:{integration.id}",
        )

    def _on_plan_wanted(self, plan: int) -> None:
        """The plan viewer is a page of the window: the dialog steps aside and waits to be continued."""
        self.hide()
        self.plan_opened.emit()
        self._frame.navigate("plan", plan)

    # Leaving

    def _ask_what_to_keep(self) -> None:
        connecting = self._known()
        parts = []
        if connecting.integration is not None:
            parts.append(self.tr("the draft “{0}”").format(connecting.integration.name))
        if connecting.made_credential:
            parts.append(self.tr("the credential “{0}” with its key").format(connecting.credential))
        what = self.tr(" and ").join(parts)
        stay = OutlinedButton(self._theme, self.tr("Go on"))
        keep = OutlinedButton(
            self._theme, self.tr("Keep the draft") if connecting.integration is not None else self.tr("Keep the key")
        )
        remove = DangerButton(self._theme, self.tr("Remove"))
        keep.clicked.connect(self._leave)
        remove.clicked.connect(self._remove_and_leave)
        self._question = Question(
            self._theme,
            self.tr("Keep what was made so far?"),
            self.tr("So far there is {0}. No record was written.").format(what),
            [stay, keep, remove],
            icon="draft",
            tone="muted",
            parent=self,
        )
        self._question.finished.connect(self._on_question_finished)
        self._question.open()

    @property
    def question(self) -> Question | None:
        """The question that is shown, if there is one."""
        return self._question

    def _on_question_finished(self) -> None:
        if self._question is not None:
            self._question.deleteLater()
            self._question = None

    def _leave(self) -> None:
        self._may_close = True
        self.reject()

    def _remove_and_leave(self) -> None:
        store, vault, connecting = self._services.store, self._services.vault, self._known()
        self._start(
            self.tr("Removing…"),
            lambda _tell, _stop: work.remove(store, vault, connecting),
            self._on_removed,
            self._show_error,
        )

    def _on_removed(self, _nothing: object) -> None:
        self._connecting = None
        self._leave()

    # Work in the background

    def _start(
        self,
        text: str,
        task: Callable[[Tell, threading.Event], object],
        then: Callable[[Any], None],
        failed: Callable[[BaseException], None],
        *,
        name: str = "",
        about: str = "connect",
    ) -> None:
        # Whoever pressed Stop during one piece of work does not want the next one to begin.
        if self._task is not None or self._is_stopping:
            return
        job = self._frame.start_job(task, name or text.rstrip("…"), about)
        if job is None:
            return
        self._task = _Task(job, then, failed)
        self.step.clear_problem()
        self.step.set_busy(is_busy=True)
        self.busy_text.set_text(text)
        self.busy_text.setVisible(bool(text))
        self.busy_bar.setVisible(bool(text))
        self._show_buttons()

    def _show_wait(self) -> None:
        """Why nothing seems to happen, and for how long yet."""
        connecting, waiting = self._connecting, self._waiting
        if connecting is not None and waiting is not None:
            self.busy_text.set_text(waiting_in_words(waiting, connecting.connector.title, datetime.now(UTC)))

    def _stop_task(self) -> None:
        if self._task is not None:
            self._is_stopping = True
            self._countdown.stop()
            self._frame.cancel_job(self._task.job)
            self.busy_text.set_text(self.tr("Stopping…"))
            self.plan.note_cancelling()

    def _on_heard(self, message: Message) -> None:
        if self._task is None or message.job != self._task.job:
            return
        match message:
            case Said(news=news):
                self.plan.note_news(news)
                if isinstance(news, Waiting):
                    self._waiting = news
                    self._countdown.start()
                    self._show_wait()
            case Ended(result=result, error=error):
                task, self._task = self._task, None
                self._countdown.stop()
                self.step.set_busy(is_busy=False)
                self.busy_text.hide()
                self.busy_bar.hide()
                self._show_buttons()
                if error is None:
                    task.then(result)
                elif not isinstance(error, Cancelled):
                    task.failed(error)
                if self._is_stopping:
                    self._is_stopping = False
                    self.busy_text.set_text(self.tr("Stopped."))
                    self.busy_text.show()

    def _go_on(self, connecting: Connecting, step: Step) -> None:
        self._connecting = connecting
        self._show(step)

    def _show_error(self, error: BaseException) -> None:
        self.step.show_problem(_sentence(error))
        self._frame.say(_sentence(error))

    def _known(self) -> Connecting:
        if self._connecting is None:
            raise AssertionError("a vendor is chosen first")
        return self._connecting


def _sentence(error: BaseException) -> str:
    if isinstance(error, UserError):
        return str(error)
    _log.error("Connecting a vendor failed", exc_info=error)
    return f"This is a fault of the program: {type(error).__name__}. The log says more."
