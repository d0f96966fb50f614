"""Which columns stand where in a table, how wide, and how that is remembered."""

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QObject, Signal

from saasdesk.records.listing import Column
from saasdesk.ui.tables.header import EDGE_PADDING, PADDING
from saasdesk.ui.tables.layout import TableLayout
from saasdesk.ui.tables.model import RecordModel
from saasdesk.ui.tables.view import RecordView
from saasdesk.ui.theme import Theme

_WIDEST_FIT = 480


class Arrangement(QObject):
    """Puts the columns of a view in order. Widths are kept as at 100 %, so that the zoom changes nothing.

    `changed` says that somebody moved, widened, hid or showed a column; `keys_changed`, that others must be read.
    """

    changed = Signal()
    keys_changed = Signal()

    def __init__(self, theme: Theme, view: RecordView, model: RecordModel, layout: TableLayout) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._header = view.header
        self._model = model
        self._order: tuple[str, ...] = layout.order
        self._hidden = layout.hidden
        self._widths: dict[str, int] = dict(layout.widths)
        self._frozen_to = layout.frozen_to
        self._frozen: tuple[str, ...] = ()
        self._is_arranging = False
        self._header.sectionMoved.connect(self._on_section_moved)
        self._header.sectionResized.connect(self._on_section_resized)
        self._header.sectionHandleDoubleClicked.connect(self.fit)
        view.resized.connect(self._share_room)
        self._header.sort_shown.connect(self._share_room)
        theme.changed.connect(self._arrange)

    @property
    def order(self) -> tuple[str, ...]:
        """Every column in the order that somebody gave them; empty when nobody did."""
        return self._order

    @property
    def hidden(self) -> frozenset[str] | None:
        """The columns that somebody chose not to see; None when nobody chose."""
        return self._hidden

    @property
    def widths(self) -> Mapping[str, int]:
        """The columns that somebody made wider or narrower."""
        return self._widths

    @property
    def frozen_to(self) -> str:
        """The last of the columns that stay in their place; empty when all scroll."""
        is_known = not self._model.columns or self._frozen_to in self.visible_keys
        return self._frozen_to if is_known else ""

    @property
    def visible_keys(self) -> tuple[str, ...]:
        """The columns that are seen, as they stand."""
        return tuple(self._model.columns[section].key for section in self._header.shown_sections())

    def columns_in_order(self) -> tuple[Column, ...]:
        """Every column as it stands, the hidden ones among them."""
        sections = (self._header.logicalIndex(place) for place in range(self._header.count()))
        return tuple(self._model.columns[section] for section in sections)

    def hidden_now(self) -> frozenset[str]:
        """The columns that are not seen just now."""
        columns = self._model.columns
        if self._hidden is None:
            return frozenset(column.key for column in columns if not column.is_shown)
        known = frozenset(self._order)
        # A column that came later is hidden or shown as it comes.
        later = (column.key for column in columns if known and column.key not in known and not column.is_shown)
        return (self._hidden & {column.key for column in columns}) | frozenset(later)

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Arrange these columns, as they come or as they were left."""
        # The widths that come with other columns are nobody's wish.
        self._is_arranging = True
        self._model.set_columns(columns, [])
        self._is_arranging = False
        self._arrange()

    def choose(self, order: Sequence[str], hidden: Collection[str]) -> None:
        """Show other columns, in another order."""
        self._order = tuple(order)
        self._hidden = frozenset(hidden)
        # The line goes with the number of those that stay in their place, whichever they are now.
        frozen = sum(key not in self._hidden for key in self._frozen)
        shown = [key for key in self._order if key not in self._hidden]
        self._frozen_to = shown[frozen - 1] if 0 < frozen <= len(shown) else ""
        self._arrange()
        self.changed.emit()

    def show_only(self, keys: Sequence[str], widths: Mapping[str, int], frozen_to: str = "") -> None:
        """Show these columns and no others; none named means those that come by themselves."""
        self._frozen_to = frozen_to
        known = [column.key for column in self._model.columns]
        shown = [key for key in keys if key in known]
        self._widths = dict(widths)
        self._order, self._hidden = (), None
        if shown:
            rest = [key for key in known if key not in shown]
            self._order, self._hidden = (*shown, *rest), frozenset(rest)
        self._arrange()
        self.changed.emit()

    def reset(self) -> None:
        """Everything as it comes."""
        self._order, self._hidden, self._frozen_to = (), None, ""
        self._widths.clear()
        self._arrange()
        self.changed.emit()

    def hide(self, section: int) -> None:
        """Hide one column, unless it is the last."""
        key = self._model.columns[section].key
        if len(self.visible_keys) > 1:
            self.choose([column.key for column in self.columns_in_order()], self.hidden_now() | {key})

    def freeze(self, section: int | None) -> None:
        """Let the columns up to this one stay in their place; None lets all scroll."""
        self._frozen_to = "" if section is None else self._model.columns[section].key
        self._show_frozen()
        self.changed.emit()

    def move(self, section: int, step: int) -> None:
        """Move a column by one visible place."""
        shown = self._header.shown_sections()
        target = shown.index(section) + step
        if 0 <= target < len(shown):
            self._header.moveSection(self._header.visualIndex(section), self._header.visualIndex(shown[target]))

    def fit(self, section: int) -> None:
        """Make a column as wide as its title and the rows that are seen."""
        wanted = max(self._view.width_of_column(section), self._header.sectionSizeFromContents(section).width())
        self._header.resizeSection(section, min(wanted, self._theme.px(_WIDEST_FIT)))

    def _arrange(self) -> None:
        columns = self._model.columns
        if not columns:
            return
        self._is_arranging = True
        place_of = {column.key: section for section, column in enumerate(columns)}
        wanted = [key for key in self._order if key in place_of]
        wanted += [key for key in place_of if key not in wanted]
        for place, key in enumerate(wanted):
            self._header.moveSection(self._header.visualIndex(place_of[key]), place)
        hidden = self.hidden_now()
        if len(hidden) == len(columns):
            hidden -= {wanted[0]}
        for section, column in enumerate(columns):
            self._header.setSectionHidden(section, column.key in hidden)
        self._header.forget_edges()
        self._is_arranging = False
        self._share_room()
        self._show_frozen()
        if self.visible_keys != self._model.keys:
            self._model.set_keys(self.visible_keys)
            self.keys_changed.emit()

    def _share_room(self) -> None:
        """Give every column its width, and the room that is left to those that have more to say with it."""
        columns, shown = self._model.columns, self._header.shown_sections()
        usual = {section: self._usual_width(section, is_first=section == shown[0]) for section in shown}
        room = self._view.viewport().width() - sum(usual.values())
        # What somebody made as wide as it is stays so; numbers, days and states need no more.
        growing = [
            section for section in shown if columns[section].is_text and columns[section].key not in self._widths
        ]
        whole = sum(usual[section] for section in growing)
        self._is_arranging = True
        for section, width in usual.items():
            more = min(width, room * width // whole) if room > 0 and section in growing else 0
            self._header.resizeSection(section, width + more)
        self._is_arranging = False

    def _usual_width(self, section: int, *, is_first: bool) -> int:
        column = self._model.columns[section]
        if column.key in self._widths:
            return self._theme.px(self._widths[column.key])
        hint = column.width_hint + (EDGE_PADDING - PADDING if is_first else 0)
        # A title is never cut before somebody makes its column narrow.
        return max(self._theme.px(hint), self._header.sectionSizeFromContents(section).width())

    def _show_frozen(self) -> None:
        keys = self.visible_keys
        count = keys.index(self._frozen_to) + 1 if self._frozen_to in keys else 0
        self._frozen = keys[:count]
        self._view.frozen.freeze(self._header.shown_sections()[:count])

    def _on_section_moved(self) -> None:
        if self._is_arranging:
            return
        if self._frozen:
            # The line stays where it is, whichever columns change places.
            self._frozen_to = self.visible_keys[len(self._frozen) - 1]
            self._show_frozen()
        self._order = tuple(column.key for column in self.columns_in_order())
        if self._hidden is None:
            self._hidden = self.hidden_now()
        if set(self.visible_keys) == set(self._model.keys):
            self.changed.emit()

    def _on_section_resized(self, section: int, _before: int, width: int) -> None:
        # The last visible column fills the table: its width is nobody's wish.
        if self._is_arranging or not width or self._header.visualIndex(section) == self._header.edges[1]:
            return
        self._widths[self._model.columns[section].key] = round(width / self._theme.px(100) * 100)
        self.changed.emit()
