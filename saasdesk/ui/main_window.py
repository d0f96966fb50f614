"""The frame of the window: menus, mode stripe, rail, pages, status bar. It knows no page and no service."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from saasdesk.jobs import Job, Jobs, Message, Work
from saasdesk.ui.appearance import Appearance
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.closing import Closing, NeverStays, Staying
from saasdesk.ui.coming_back import ComingBack, look_of
from saasdesk.ui.command_palette import CommandPalette, CommandSource
from saasdesk.ui.menu_corner import MenuCorner
from saasdesk.ui.menus import Menus
from saasdesk.ui.navigation import (
    Command,
    Crumb,
    HasCommands,
    HasFoot,
    HasKeys,
    HasViewState,
    History,
    HoldsEdits,
    PageEntry,
    Place,
    beginning_of,
)
from saasdesk.ui.panes import panes_of, walk_panes
from saasdesk.ui.rail import Rail, RailEntry
from saasdesk.ui.rail_width import RailWidth
from saasdesk.ui.shortcut_sheet import ShortcutSheet
from saasdesk.ui.status_bar import Mode, Progress, StatusBar
from saasdesk.ui.stripe import Stripe
from saasdesk.ui.theme import Theme
from saasdesk.ui.trail import Trail
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.toast import Toast, Toasts
from saasdesk.ui.window_memory import Memory, NoMemory

_SMALLEST = (960, 600)
_LOWEST = 400
_TITLE_BAR = 32
_USUAL = (1280, 800)


def _describes_nothing(_news: object) -> Progress | None:
    return None


class MainWindow(QMainWindow):
    """Shows pages that it is given, and offers them what navigation.Frame says.

    `commands` are those of the whole program; `describe` turns what a job says into a phrase for the status bar.
    `stayed` says that the window was to be closed, and was not; `hidden_away` that the program goes on without it;
    `arrived` names the page that is shown now.
    """

    stayed = Signal()
    hidden_away = Signal()
    closed = Signal()
    arrived = Signal(str)

    def __init__(
        self,
        theme: Theme,
        bridge: Bridge,
        jobs: Jobs,
        pages: Sequence[PageEntry],
        *,
        memory: Memory | None = None,
        commands: CommandSource = tuple,
        places: CommandSource = tuple,
        describe: Callable[[object], Progress | None] = _describes_nothing,
        on_about: Callable[[], object] | None = None,
        staying: Staying | None = None,
        shows_first_page: bool = True,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._jobs = jobs
        self._entries = {entry.key: entry for entry in pages}
        self._memory = memory or NoMemory()
        self._remembered = self._memory.load()
        self._program_commands, self._places = commands, places
        self._on_about = on_about
        self._pages: dict[str, QWidget] = {}
        self._history = History()
        self._coming_back = ComingBack(self)
        self._may_close = False
        self._wants_to_quit = False
        self.closing = Closing(theme, self, staying or NeverStays())
        self._build(describe)
        theme.dress(self)
        self._connect(bridge)
        self._recall_geometry()
        if pages and shows_first_page:
            self.navigate(pages[0].key)

    # What pages are offered

    def navigate(self, key: str, argument: object = None) -> None:
        """Go to a page; a page with something unsaved may refuse to be left."""
        if key in self._entries and self._leave_page():
            self._history.go(Place(key, argument))
            self._show_place(Place(key, argument))

    def toast(
        self,
        text: str,
        kind: str = "info",
        action: tuple[str, Callable[[], object]] | None = None,
        seconds: float = 6,
    ) -> Toast:
        """Show a short message in the corner."""
        return self.toasts.show_toast(text, kind, action, seconds)

    def say(self, text: str) -> None:
        """Show a line in the status bar, and tell it to screen readers."""
        self.status.say(text)
        if text:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, visible_text(text)))

    def start_job(self, work: Work, name: str, about: str = "") -> Job | None:
        """Start slow work, unless the same thing is being worked on already."""
        busy = self._jobs.find(about) if about else None
        if busy is not None:
            self.toast(
                self.tr("“{0}” is still running.").format(busy.name), "info", (self.tr("Show"), self.show_activity)
            )
            return None
        job = self._jobs.start(work, name, about)
        self.status.announce(job)
        return job

    def cancel_job(self, job: Job) -> None:
        """Ask a job to stop, and say so at once."""
        self._jobs.stop(job)
        self.status.mark_cancelling(job)

    def set_count(self, key: str, count: int, tone: str = "neutral") -> None:
        """Show a number at an entry of the rail."""
        self.rail.set_count(key, count, tone)

    def note_workflows_paused(self, paused: bool) -> None:
        """Show whether all workflows are paused."""
        self.status.set_workflows_paused(paused)

    def need_width(self, needed: bool) -> None:
        """Make room while the present page is shown, unless the admin chose otherwise for it."""
        self._rail_width.note_need(self._here.key, is_needed=needed)
        self._fit_rail()

    def update_trail(self) -> None:
        """Show the breadcrumb and the commands of the present page anew."""
        crumbs = self._crumbs()
        if self._page is not None and (entry := self._entry_of(crumbs)) != self.rail.open_key:
            self.rail.set_open(entry)
        self.trail.show_trail(
            crumbs, can_go_back=self._history.can_go_back, can_go_forward=self._history.can_go_forward
        )
        self._menus.set_enabled("Alt+Left", is_enabled=self._history.can_go_back)
        self._menus.set_enabled("Alt+Right", is_enabled=self._history.can_go_forward)
        self._menus.show_commands([*self._page_commands(), *self._program_commands()])
        self.toasts.fit()
        title = crumbs[-1].title if crumbs else self._entries[self._here.key].title if self._page else ""
        self.setWindowTitle(f"{visible_text(title)} — saasdesk" if title else "saasdesk")

    # What the program asks

    def set_mode(self, mode: Mode) -> None:
        """Show in the stripe and in the status bar what the window works on."""
        self.stripe.set_mode(mode)
        self.status.set_mode(mode)

    def add_to_corner(self, widget: QWidget) -> None:
        """Show something of the program's at the upper right, beside the field for commands."""
        self._corner.add(widget)

    def page(self, key: str) -> QWidget:
        """A page, built if it was not yet."""
        if key not in self._pages:
            self._pages[key] = self._entries[key].factory(self)
            self.stack.addWidget(self._pages[key])
        return self._pages[key]

    def forget_pages(self, keys: Sequence[str]) -> None:
        """Make these pages anew when they are next shown; one that is shown now, at once, as it was left."""
        key = self._here.key
        is_here = key in keys and key in self._pages
        here: object = self._page
        state = here.view_state() if is_here and isinstance(here, HasViewState) else None
        for each in keys:
            page = self._pages.pop(each, None)
            if page is not None:
                self.stack.removeWidget(page)
                page.deleteLater()
        if is_here:
            self._show_place(self._here, state)

    def set_strip(self, strip: QWidget | None) -> None:
        """Show something above every page, in the place of what was there; None takes it away."""
        clear_layout(self._strip)
        if strip is not None:
            self._strip.addWidget(strip)

    @property
    def here(self) -> str:
        """The key of the page that is shown."""
        return self._here.key

    @property
    def current_page(self) -> QWidget | None:
        """The page that is shown."""
        return self._page

    def go_back(self) -> None:
        """Show the place before this one."""
        if self._history.can_go_back and self._leave_page():
            place, state = self._history.back()
            self._show_place(place, state)

    def go_forward(self) -> None:
        """Show the place we came back from."""
        if self._history.can_go_forward and self._leave_page():
            place, state = self._history.forward()
            self._show_place(place, state)

    def refresh_page(self) -> None:
        """Ask the present page to read its data again."""
        if self._page is not None and hasattr(self._page, "refresh"):
            self._page.refresh()

    def show_activity(self) -> None:
        """Go to Activity; where there is none, list the running jobs."""
        if "activity" in self._entries:
            self.navigate("activity")
        elif self.status.shown_jobs():
            chip = self.status.job_chip
            menu = self.status.job_menu(self.cancel_job)
            menu.popup(chip.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def open_palette(self) -> None:
        """Show the field that finds every command, and what other pages have."""
        here = self.all_commands()
        known = {command.text for command in here}
        self.palette_box.open_with([*here, *(each for each in self._places() if each.text not in known)])

    def all_commands(self) -> list[Command]:
        """Everything that can be done now: by the page, by the program, by the window."""
        return [
            *self._page_commands(),
            *self._program_commands(),
            *self._go_commands(),
            *self._window_commands(),
            *self._appearance.modes(),
        ]

    def toggle_rail(self) -> None:
        """Show only icons, or titles too; remembered for this page if the page asked for room."""
        self._rail_width.turn(self._here.key)
        self._fit_rail()

    def focus_next_pane(self) -> None:
        """Give the keyboard to the next pane: rail, the panes of the page, status bar."""
        self._walk_panes(1)

    def focus_previous_pane(self) -> None:
        """Give the keyboard to the pane before."""
        self._walk_panes(-1)

    def show_shortcuts(self) -> None:
        """Show every shortcut on one sheet."""
        page: object = self._page
        sheet = ShortcutSheet(self._theme, self.all_commands(), page.keys() if isinstance(page, HasKeys) else (), self)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.open()

    def quit(self) -> None:
        """Close for good, tray or not; asks about running jobs."""
        self._wants_to_quit = True
        self.close()

    def hide_away(self) -> None:
        """Go on without a window, until somebody opens it again."""
        self._save_memory()
        self.hide()
        self.hidden_away.emit()

    def quit_quietly(self) -> None:
        """Close without asking: jobs are stopped, and waited for two seconds at most."""
        for job in self._jobs.running():
            self.cancel_job(job)
        self.closing.wait_for(self._jobs)

    def close_at_once(self) -> None:
        """Close although something is unsaved or running: it was asked about already, or there is nobody to ask."""
        self._may_close = True
        self.close()

    # Qt's own

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close or self._may_close_now():
            self._save_memory()
            event.accept()
            self.closed.emit()
        else:
            event.ignore()
            if not self.closing.is_asking and not self.closing.is_waiting and self.isVisible():
                self._on_stayed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_rail()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange and hasattr(self, "palette_box"):
            self.palette_box.close_palette()

    # Building

    def _build(self, describe: Callable[[object], Progress | None]) -> None:
        theme = self._theme
        self.setMinimumSize(smallest_for(self.screen().availableGeometry().height()))
        self.setObjectName("main_window")
        entries = list(self._entries.values())
        in_rail = [entry for entry in entries if not entry.parent]
        self._keys_of_pages = _shortcuts(in_rail)
        self.rail = Rail(
            theme,
            [
                RailEntry(
                    entry.key, entry.title, entry.icon, entry.group == "foot", self._keys_of_pages.get(entry.key, "")
                )
                for entry in in_rail
            ],
        )
        self._rail_width = RailWidth(theme, self.rail, self._remembered)
        self.stripe = Stripe(theme)
        self.trail = Trail(theme)
        self.stack = QStackedWidget()
        self.stack.setObjectName("pages")
        self._rail_line = Line(theme, upright=True)
        beside = Column(theme, gap=0)
        beside.addWidget(self.trail)
        self._strip = Column(theme, gap=0)
        beside.addLayout(self._strip)
        beside.addWidget(self.stack, 1)
        middle = Row(theme, gap=0)
        middle.addWidget(self.rail)
        middle.addWidget(self._rail_line)
        middle.addLayout(beside, 1)
        whole = Column(theme, gap=0)
        whole.addWidget(self.stripe)
        whole.addLayout(middle, 1)
        central = QWidget()
        central.setLayout(whole)
        self.setCentralWidget(central)
        self.status = StatusBar(
            theme, self._jobs, describe, job_shortcut="Ctrl+J" if "activity" in self._entries else ""
        )
        self.setStatusBar(self.status)
        self.toasts = Toasts(theme, self, self._height_of_feet)
        self.palette_box = CommandPalette(theme, self, self._remembered.get("recent_commands", ()))
        self._appearance = Appearance(theme, self)
        self._menus = Menus(self, [*self._go_commands(), *self._window_commands()])
        self._menus.add_menu("View", self._appearance.menu)
        self._corner = MenuCorner(theme, self.menuBar())
        self.command_box = self._corner.command_box

    def _connect(self, bridge: Bridge) -> None:
        bridge.heard.connect(self._on_heard)
        self.rail.chosen.connect(self._on_rail_chosen)
        self.trail.back.clicked.connect(self.go_back)
        self.trail.forward.clicked.connect(self.go_forward)
        self.trail.chosen.connect(self._on_crumb_chosen)
        self.command_box.clicked.connect(self.open_palette)
        self.palette_box.closed.connect(self._on_palette_closed)
        self.status.job_chip.clicked.connect(self.show_activity)
        self.closing.stayed.connect(self._on_stayed)
        self.closing.hide_chosen.connect(self.hide_away)
        self.closing.quit_chosen.connect(self.quit_quietly)
        self.closing.idle.connect(self.close_at_once)
        self._appearance.said.connect(self.say)
        self._theme.changed.connect(self._on_theme_changed)

    # Commands

    def _go_commands(self) -> list[Command]:
        commands = [
            Command(
                entry.title,
                partial(self.navigate, entry.key),
                self._keys_of_pages.get(entry.key, ""),
                entry.icon,
                "Go",
            )
            for entry in self._entries.values()
            if not entry.parent
        ]
        if "activity" in self._entries:
            commands.append(Command(self.tr("Running jobs"), self.show_activity, "Ctrl+J", "running", "Go"))
        return commands

    def _window_commands(self) -> list[Command]:
        commands = [
            Command(self.tr("Quit"), self.quit, "Ctrl+Q", "quit", "File"),
            Command(self.tr("Back"), self.go_back, "Alt+Left", "arrow-left", "Go"),
            Command(self.tr("Forward"), self.go_forward, "Alt+Right", "arrow-right", "Go"),
            Command(self.tr("Search or run a command"), self.open_palette, "Ctrl+K", "search", "Go"),
            Command(self.tr("Refresh the page"), self.refresh_page, "F5", "refresh", "View"),
            Command(self.tr("Next pane"), self.focus_next_pane, "F6", "columns", "View"),
            Command(self.tr("Previous pane"), self.focus_previous_pane, "Shift+F6", "columns", "View"),
            Command(self.tr("Narrow or wide rail"), self.toggle_rail, "Ctrl+B", "rail", "View"),
            *self._appearance.sizes(),
            Command(self.tr("Full screen"), self._toggle_full_screen, "F11", "full-screen", "View"),
            Command(self.tr("Keyboard shortcuts"), self.show_shortcuts, "Ctrl+/", "keyboard", "Help"),
        ]
        if self._on_about is not None:
            commands.append(Command(self.tr("About saasdesk"), self._on_about, "", "info", "Help"))
        return commands

    def _page_commands(self) -> list[Command]:
        page: object = self._page
        return list(page.commands()) if isinstance(page, HasCommands) else []

    # Showing

    @property
    def _here(self) -> Place:
        return self._history.here or Place("")

    @property
    def _page(self) -> QWidget | None:
        return self._pages.get(self._here.key)

    def _leave_page(self) -> bool:
        page: object = self._page
        if isinstance(page, HoldsEdits) and not page.may_leave():
            return False
        if isinstance(page, QWidget):
            self._coming_back.stop()
            own = page.view_state() if isinstance(page, HasViewState) else None
            self._history.leave((own, look_of(page)))
        return True

    def _show_place(self, place: Place, state: object = None) -> None:
        page = self.page(place.key)
        self._show_frame(bare=bool(getattr(page, "bare", False)))
        self.stack.setCurrentWidget(page)
        if hasattr(page, "open"):
            page.open(place.argument)
        if isinstance(state, tuple):
            own, look = state
            if own is not None:
                _restore_view(page, own)
            self._coming_back.begin(page, look)
        self.rail.set_open(self._entry_of(self._crumbs()))
        self.update_trail()
        self._fit_rail()
        self.status.say("")
        focus = QApplication.focusWidget()
        if focus is None or not focus.isVisible() or not self.rail.isAncestorOf(focus):
            self._focus_page(page)
        self.arrived.emit(place.key)

    def _crumbs(self) -> tuple[Crumb, ...]:
        page = self._page
        return tuple(page.breadcrumb()) if page is not None and hasattr(page, "breadcrumb") else ()

    def _entry_of(self, crumbs: Sequence[Crumb]) -> str:
        """Where the rail says that we are: a plan belongs to what it changes, and the way to it begins there."""
        entry = self._entries[self._here.key]
        beginning = self._entries.get(crumbs[0].key) if crumbs else None
        return beginning.key if beginning is not None and not beginning.parent else entry.parent or entry.key

    def _height_of_feet(self) -> int:
        """Messages lie on no button at the foot of a page: it is the one to press next."""
        page: object = self._page
        foot = page.foot_height() if isinstance(page, HasFoot) else 0
        return self.status.height() + foot

    def _focus_page(self, page: QWidget) -> None:
        """Keys go to the page. Nothing is ringed until Tab is pressed, unless the page says where to begin."""
        beginning_of(page).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_frame(self, *, bare: bool) -> None:
        for widget in (self.rail, self._rail_line, self._corner):
            widget.setVisible(not bare)

    def _fit_rail(self) -> None:
        self._rail_width.fit(self._here.key, self.width())

    def _walk_panes(self, step: int) -> None:
        walk_panes([self.rail, *panes_of(self._page), self.status], step)

    # Closing

    def _may_close_now(self) -> bool:
        if self.closing.is_asking:
            self.closing.raise_question()
            return False
        staying = self.closing.staying
        may_hide = not self._wants_to_quit and staying.is_possible()
        if may_hide and staying.answer() and self.isVisible():
            self.hide_away()
            return False
        if not self._leave_page():
            return False
        if running := self.status.jobs_to_lose():
            self.closing.ask_about_jobs(running, may_hide=may_hide)
            return False
        if may_hide and staying.answer() is None:
            self.closing.ask_about_tray()
            return False
        if self._jobs.running():
            self.quit_quietly()
            return False
        return True

    # Remembering

    def _recall_geometry(self) -> None:
        saved = self._remembered.get("geometry")
        if isinstance(saved, str) and self.restoreGeometry(QByteArray.fromBase64(saved.encode())):
            return
        room = self.screen().availableGeometry()
        self.resize(min(_USUAL[0], room.width()), min(_USUAL[1], room.height() - _TITLE_BAR))

    def _save_memory(self) -> None:
        data: dict[str, Any] = {
            "geometry": bytes(self.saveGeometry().toBase64().data()).decode(),
            **self._rail_width.to_remember(),
            "recent_commands": self.palette_box.recent,
        }
        self._memory.save({**self._remembered, **data})

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    # Answers to signals

    def _on_heard(self, message: Message) -> None:
        self.status.hear(message)

    def _on_rail_chosen(self, key: str) -> None:
        self.navigate(key)

    def _on_crumb_chosen(self, crumb: Crumb) -> None:
        if crumb.key:
            self.navigate(crumb.key, crumb.argument)

    def _on_palette_closed(self) -> None:
        if self._page is not None and QApplication.focusWidget() in (None, self.palette_box.field):
            self._focus_page(self._page)

    def _on_stayed(self) -> None:
        self._wants_to_quit = False
        self.stayed.emit()

    def _on_theme_changed(self) -> None:
        self._fit_rail()


def smallest_for(room: int) -> QSize:
    """The smallest window on a screen of this height; at 200 % many have less than we would like."""
    return QSize(_SMALLEST[0], max(_LOWEST, min(_SMALLEST[1], room - _TITLE_BAR)))


def _shortcuts(entries: Sequence[PageEntry]) -> dict[str, str]:
    """Ctrl+1 to Ctrl+9 in the order of the rail, unless an entry brings its own."""
    numbered = [entry for entry in entries if not entry.shortcut and entry.group != "foot"]
    keys = {entry.key: f"Ctrl+{number}" for number, entry in enumerate(numbered[:9], start=1)}
    return keys | {entry.key: entry.shortcut for entry in entries if entry.shortcut}


def _restore_view(page: object, state: object) -> None:
    if isinstance(page, HasViewState):
        page.restore_view(state)
