"""What differs between two moments: who is new, gone or back, and every value that is another."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from saasdesk.fields import FieldType
from saasdesk.jobs import Message
from saasdesk.records.listing import Column as ListColumn
from saasdesk.records.listing import Value
from saasdesk.records.past import Comparison, Difference, Moment, compare
from saasdesk.services import Services
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.change_words import kinds_of_change
from saasdesk.ui.moments import counted, number
from saasdesk.ui.navigation import Command, Crumb, Frame, begin_at
from saasdesk.ui.news import may_have_changed_records
from saasdesk.ui.past.moment_dialog import MomentDialog
from saasdesk.ui.past.moment_words import title_of_moment
from saasdesk.ui.reading import Reading
from saasdesk.ui.tables import ExportRequest, Memory, NothingYet, RecordTable, TableReaders
from saasdesk.ui.tables.cells import field_value_in_words
from saasdesk.ui.tables.short_list import Records, ShortList
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.page_header import PageHeader

# So many are shown; an export from a shell has all of them.
MOST = 100_000


class ComparisonPage(QWidget):
    """`open(moment)` compares a moment with now, `open((moment, moment))` one with the other."""

    title = "Comparison"

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        bridge: Bridge,
        readers: TableReaders,
        memory: Memory,
        *,
        export: Callable[[ExportRequest], object],
    ) -> None:
        super().__init__()
        self._store, self._frame, self._theme, self._readers = services.store, frame, theme, readers
        self._export = export
        self._reading = Reading(readers, self)
        self._since: Moment | None = None
        self._until: Moment | None = None
        self._found: dict[int, Difference] = {}
        self._total = 0
        self._records: Records = {}
        self._kept: Records = {}
        self._build(memory)
        bridge.heard.connect(self._on_heard)

    # What the frame asks

    def refresh(self) -> None:
        """Compare again."""
        store, since, until = self._store, self._since, self._until
        if since is None:
            return

        def work(stop: threading.Event) -> _Shown:
            return _shown(compare(store, since, until, MOST, stop))

        self.header.set_subtitle(self.tr("comparing…"))
        self._reading.ask("comparison", work, self._show, self._show_failure)

    def open(self, argument: object) -> None:
        """Compare these moments; without any, those that were compared last."""
        before = (self._since, self._until)
        match argument:
            case Moment() as since:
                self._since, self._until = since, None
            case (Moment() as since, Moment() as until):
                self._since, self._until = since, until
            case _:
                pass
        if (self._since, self._until) != before:
            self._forget_differences()
        self._show_moments()
        self.refresh()
        if self._since is None:
            self._choose_since()

    def breadcrumb(self) -> Sequence[Crumb]:
        """People, the comparison."""
        return (Crumb(self.tr("People"), "people"), Crumb(self.tr("Comparison")))

    def commands(self) -> Sequence[Command]:
        """What can be done with the differences."""
        return (
            Command(self.tr("Find in the list"), self.table.focus_quick_filter, "", "search", "Edit"),
            Command(self.tr("Export the differences…"), self._on_export_wanted, "Ctrl+E", "export", "File"),
        )

    def panes(self) -> Sequence[QWidget]:
        """The list."""
        return (self.table,)

    # Building

    def _build(self, memory: Memory) -> None:
        theme = self._theme
        self.setObjectName("comparison-page")
        self.header = PageHeader(theme, self.tr("Comparison"))
        self.since_button = OutlinedButton(theme, "", "history")
        self.until_button = OutlinedButton(theme, "", "history")
        self.header.add_actions(self.since_button, self.until_button)
        self.banner = Banner(theme, "error")
        self.banner.hide()
        self.table = RecordTable(
            ShortList(
                self.tr("differences"), self._columns(), lambda: self._records, self._about, kept=lambda: self._kept
            ),
            theme,
            self._readers,
            memory,
            "comparison",
            nothing_yet=self._comparing(),
            has_states=False,
        )
        # The head of the page says how many there are.
        self.table.count_label.hide()
        top = Column(theme, gap=12, margins=(24, 16, 24, 0))
        top.addWidget(self.header)
        top.addWidget(self.banner)
        whole = Column(theme, gap=0)
        whole.addLayout(top)
        whole.addWidget(self.table, 1)
        self.setLayout(whole)
        self.since_button.clicked.connect(self._choose_since)
        self.until_button.clicked.connect(self._choose_until)
        self.table.counted.connect(self._show_count)
        self.table.opened.connect(self._on_opened)
        self.table.export_wanted.connect(self._on_export_wanted)
        self.table.said.connect(self._frame.say)
        begin_at(self, self.table.view)

    def _columns(self) -> tuple[ListColumn, ...]:
        widths = (
            ("object", self.tr("What"), 112),
            ("record", self.tr("Record"), 188),
            ("application", self.tr("SaaS Application"), 136),
            ("change", self.tr("Difference"), 112),
            ("field", self.tr("Field"), 144),
            ("before", self.tr("Before"), 164),
            ("after", self.tr("After"), 164),
        )
        return tuple(ListColumn(key, title, FieldType.SHORT_TEXT, width_hint=width) for key, title, width in widths)

    def _comparing(self) -> NothingYet:
        return NothingYet(self.tr("Comparing…"), self.tr("What differs between the two moments comes here."))

    def _about(self) -> str:
        """Between which moments, for the manifest of an export."""
        since = self._since.title if self._since is not None else ""
        until = self._until.title if self._until is not None else "now"
        return f"from {since} to {until}" if since else ""

    # Showing

    def _forget_differences(self) -> None:
        """Those between other moments are not shown while these are compared."""
        self.table.empty.set_nothing_yet(self._comparing())
        self._found, self._records, self._kept = {}, {}, {}
        self.table.refresh()

    def _show_moments(self) -> None:
        since = title_of_moment(self._since) if self._since is not None else self.tr("…")
        until = title_of_moment(self._until) if self._until is not None else self.tr("now")
        self.since_button.setText(self.tr("From {0}").format(since))
        self.until_button.setText(self.tr("To {0}").format(until))
        self._frame.update_trail()

    def _show(self, shown: "_Shown") -> None:
        found = shown.comparison
        nothing = self.tr("Between these two moments nothing was added, gone or changed.")
        self.table.empty.set_nothing_yet(NothingYet(self.tr("No difference"), nothing))
        self._found, self._records, self._kept = shown.found, shown.in_words, shown.kept
        self._total = found.total
        self._show_count(len(self._found))
        is_cut = found.total > len(found.differences)
        self.banner.setVisible(is_cut)
        if is_cut:
            self.banner.say(
                "warn",
                self.tr("The first {0} are shown.").format(number(MOST)),
                self.tr("All of them: saasdesk export comparison --since … --to FILE.csv"),
            )
        self.table.refresh()

    def _show_count(self, shown: int, _known: int = 0) -> None:
        """Say how many there are, and how many of them the filter leaves."""
        total, of = counted(self._total, self.tr("{0} difference"), self.tr("{0} differences")), self.tr("{0} of {1}")
        self.header.set_subtitle(total if shown == self._total else of.format(number(shown), total))

    def _show_failure(self, sentence: str) -> None:
        self.header.set_subtitle("")
        self.banner.say("error", "", sentence)
        self.banner.show()

    # Answers to signals

    def _choose_since(self) -> None:
        self._choose(self.tr("Compare from which moment on?")).chosen.connect(self._on_since_chosen)

    def _choose_until(self) -> None:
        self._choose(self.tr("Compare up to which moment?")).chosen.connect(self._on_until_chosen)

    def _choose(self, title: str) -> MomentDialog:
        dialog = MomentDialog(self._store, self._theme, self._readers, self.window(), title=title)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def _on_since_chosen(self, moment: Moment) -> None:
        self._since = moment
        self._forget_differences()
        self._show_moments()
        self.refresh()

    def _on_until_chosen(self, moment: Moment) -> None:
        self._until = moment
        self._forget_differences()
        self._show_moments()
        self.refresh()

    def _on_opened(self, place: int) -> None:
        difference = self._found.get(place)
        if difference is None:
            return
        match difference:
            case Difference(object="people"):
                self._frame.navigate("person", difference.record)
            case Difference(object="assets"):
                self._frame.navigate("asset", difference.record)
            case Difference(object="saas_users", application=int(application)):
                self._frame.navigate("software", (application, "users", difference.record))
            case Difference(object="licences", application=int(application)):
                self._frame.navigate("software", (application, "licences"))
            case _:
                self._frame.navigate("software", difference.record)

    def _on_export_wanted(self) -> None:
        self._export(self.table.export_request())

    def _on_heard(self, message: Message) -> None:
        if may_have_changed_records(message) and self._until is None:
            self.refresh()


@dataclass(frozen=True, slots=True)
class _Shown:
    """The differences by their places in the list, with their values as lists show them, and as they are kept."""

    comparison: Comparison
    found: dict[int, Difference]
    in_words: Records
    kept: Records


def _shown(comparison: Comparison) -> _Shown:
    """Put the differences into words; there may be very many."""
    found = dict(enumerate(comparison.differences, start=1))
    kinds, changes = _kinds(), kinds_of_change()
    in_words: dict[int, dict[str, Value]] = {}
    kept: dict[int, dict[str, Value]] = {}
    for place, each in found.items():
        in_words[place] = {
            "object": kinds.get(each.object, each.object),
            "record": each.label,
            "application": each.application_name or None,
            "change": changes.get(each.change, each.change),
            "field": each.field or None,
            "before": field_value_in_words(each.type, each.before) or None,
            "after": field_value_in_words(each.type, each.after) or None,
        }
        kept[place] = in_words[place] | {
            "before": None if each.before is None else str(each.before),
            "after": None if each.after is None else str(each.after),
        }
    return _Shown(comparison, found, in_words, kept)


def _kinds() -> dict[str, str]:
    return {
        "people": _tr("Person"),
        "saas_users": _tr("SaaS user"),
        "licences": _tr("Licence"),
        "saas_applications": _tr("SaaS application"),
        "assets": _tr("Asset"),
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("ComparisonPage", text)
