"""How a field of ours is painted in its row, and how its source is edited there."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractItemModel, QRect, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemDelegate, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from saasdesk.fields import Field, ObjectKind
from saasdesk.mapping import MapRow, Policy
from saasdesk.mapping.editing import Place
from saasdesk.mapping.fitting import Fit, Fitting
from saasdesk.ui.mapping_editor.board import MappingBoard
from saasdesk.ui.mapping_editor.painting import SIDE, paint_badge, paint_ground, paint_words
from saasdesk.ui.mapping_editor.pane import Index
from saasdesk.ui.mapping_editor.policies import policy_in_short
from saasdesk.ui.mapping_editor.source_combo import SourceCombo
from saasdesk.ui.mapping_editor.target_model import PREVIEW, SOURCE, TARGET, source_in_words
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import draw_box
from saasdesk.ui.widgets.tag import paint_tag, tag_size

if TYPE_CHECKING:
    from saasdesk.ui.mapping_editor.target_pane import TargetTable


class TargetDelegate(QStyledItemDelegate):
    """Paints a target: badge and label, key, source in a box, steps, preview."""

    def __init__(self, theme: Theme, table: "TargetTable", board: MappingBoard) -> None:
        super().__init__(table)
        self._theme, self._table, self._board = theme, table, board
        self._editor: SourceCombo | None = None

    # Editing the source

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        place = self._table.model_of_targets.place_at(index.row())
        target = None if place is None else self._board.field_at(place)
        combo = SourceCombo(self._theme, self._board, target, parent)
        combo.chosen.connect(self._on_chosen)
        self._editor = combo
        return combo

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, SourceCombo):
            editor.begin(str(index.data() or ""))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, SourceCombo) and editor.was_changed:
            model.setData(index, editor.text)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(self._box(option.rect))

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        self._editor = None
        super().destroyEditor(editor, index)

    def _on_chosen(self) -> None:
        # Enter reaches us by the list and by Qt's own way: the second one finds nothing to do.
        editor, self._editor = self._editor, None
        if editor is not None:
            self.commitData.emit(editor)
            self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    # Painting

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, area, column = self._theme, option.rect, index.column()
        model = self._table.model_of_targets
        target = model.rows[index.row()]
        painter.save()
        if target is None:
            painter.fillRect(area, theme.color("surface"))
            if column == TARGET:
                words = str(index.data())
                paint_words(
                    painter,
                    area.adjusted(theme.px(SIDE), 0, theme.px(200), 0),
                    words,
                    theme.font("heading"),
                    theme,
                    "muted",
                )
            painter.restore()
            return
        place = Place.of(target)
        fitting = model.fittings.get(place) if model.drop is not None else None
        is_impossible = fitting is not None and fitting.fit is Fit.IMPOSSIBLE
        is_over = model.drop is not None and model.drop.place == place
        row = self._board.row_of(place)
        is_lacking = row is None and model.is_required(target)
        is_current = bool(option.state & QStyle.StateFlag.State_Selected)
        tint = "accent" if is_over and not is_impossible else "warn" if is_lacking else ""
        paint_ground(
            painter,
            theme,
            area,
            is_current=is_current and not tint,
            has_bar=column == TARGET and (is_current or bool(tint)),
            tint=tint,
        )
        if is_impossible:
            painter.setOpacity(0.45)
        inside = area.adjusted(theme.px(SIDE), 0, -theme.px(6), 0)
        match column:
            case 0:
                self._paint_target(painter, inside, target, required=model.is_required(target))
            case 1:
                self._paint_key(painter, inside, target, row)
            case 2:
                self._paint_source(painter, area, target, row, fitting, is_over=is_over)
            case 3 if not (is_over or is_impossible):
                self._paint_steps(painter, inside, row)
            case 4:
                self._paint_preview(painter, inside, place)
                if fitting is not None and (is_over or is_impossible):
                    self._paint_over_row(painter, option, row, fitting, is_over=is_over)
            case _:
                pass
        painter.restore()

    def _paint_target(self, painter: QPainter, inside: QRect, target: Field, *, required: bool) -> None:
        theme = self._theme
        paint_badge(painter, theme, inside, target.type, target.label)
        words = inside.adjusted(theme.px(38), 0, 0, 0)
        width = paint_words(painter, words, target.label, theme.font("strong"), theme)
        if required:
            paint_words(
                painter,
                words.adjusted(width + theme.px(4), 0, theme.px(12), 0),
                "*",
                theme.font("strong"),
                theme,
                "error",
            )

    def _paint_key(self, painter: QPainter, inside: QRect, target: Field, row: MapRow | None) -> None:
        theme = self._theme
        if row is not None and row.sync_key is not None:
            size = tag_size(theme, str(row.sync_key), "key")
            area = QRect(inside.left(), inside.center().y() - size.height() // 2 + 1, size.width(), size.height())
            paint_tag(painter, theme, area, str(row.sync_key), "accent", icon="key")
        elif target.unique:
            paint_words(painter, inside, self._table.tr("Unique"), theme.font("secondary"), theme, "muted")

    def _box(self, area: QRect) -> QRect:
        theme = self._theme
        height = theme.measure("control")
        return QRect(
            area.left() + theme.px(4), area.center().y() - height // 2 + 1, area.width() - theme.px(12), height
        )

    def _paint_source(
        self,
        painter: QPainter,
        area: QRect,
        target: Field,
        row: MapRow | None,
        fitting: Fitting | None,
        *,
        is_over: bool,
    ) -> None:
        theme, model = self._theme, self._table.model_of_targets
        place = Place.of(target)
        box = self._box(area)
        inside = box.adjusted(theme.px(8), 0, -theme.px(26), 0)
        if fitting is not None and (is_over or fitting.fit is Fit.IMPOSSIBLE):
            # The words need more room than this cell has: they come with the last cell of the row.
            return
        suggestion = model.suggestions.get(place)
        is_broken = self._board.is_broken(place)
        edge, text, tone, dashed = "border", source_in_words(self._board, row), "text", False
        if is_broken:
            edge, tone = "error", "error"
        elif row is None and suggestion is not None:
            name = self._board.source_label(suggestion.source)
            edge, text, tone, dashed = "border", self._table.tr("{0} — suggested").format(name), "muted", True
        elif row is None:
            is_lacking = model.is_required(target)
            edge, tone = ("warn" if is_lacking else "line-strong"), "muted"
            text = self._invitation(target, required=is_lacking)
        draw_box(
            painter,
            QRectF(box),
            theme.measure("radius"),
            theme.color("bg"),
            theme.color(edge),
            edge_width=theme.edge,
            dashed=dashed,
        )
        if is_broken:
            side = theme.px(16)
            theme.paint_icon(painter, QRect(inside.left(), box.top(), side, box.height()), "broken", "error", 14)
            inside.adjust(side + theme.px(4), 0, 0, 0)
        paint_words(painter, inside, text, theme.font("body"), theme, tone)
        arrow = QRect(box.right() - theme.px(24), box.top(), theme.px(20), box.height())
        theme.paint_icon(painter, arrow, "chevron-down", "muted", 12)

    def _invitation(self, target: Field, *, required: bool) -> str:
        if target.object is ObjectKind.SAAS_USERS and target.builtin:
            return self._table.tr("Filled by {0}").format(self._board.connector.title)
        return self._table.tr("Source or constant…") if required else self._table.tr("Choose a source…")

    def _paint_verdict(self, painter: QPainter, box: QRect, row: MapRow | None, fitting: Fitting) -> None:
        theme, table = self._theme, self._table
        icon, tone, words = "", "muted", fitting.reason
        if fitting.fit is Fit.CONVERTED:
            icon, tone = "warning", "warn"
        elif fitting.fit is Fit.SAME:
            drop = table.tr("Drop to replace") if row is not None else table.tr("Drop to map")
            icon, tone, words = "check", "accent", f"{drop} — {fitting.reason}"
        if icon:
            side = theme.px(16)
            theme.paint_icon(painter, QRect(box.left(), box.top(), side, box.height()), icon, tone, 14)
            box = box.adjusted(side + theme.px(6), 0, 0, 0)
        font = theme.font("strong" if fitting.fit is Fit.SAME else "body")
        paint_words(painter, box, words, font, theme, tone)

    def _paint_steps(self, painter: QPainter, inside: QRect, row: MapRow | None) -> None:
        if row is None:
            return
        theme, left = self._theme, inside.left()
        names = [step.partition(":")[0] for step in row.transform]
        if row.policy is not Policy.ALWAYS:
            names.insert(0, policy_in_short(row.policy))
        shown = names if len(names) <= 2 else [names[0], f"+{len(names) - 1}"]
        for name in shown:
            size = tag_size(theme, name)
            area = QRect(left, inside.center().y() - size.height() // 2 + 1, size.width(), size.height())
            if area.right() > inside.right():
                break
            paint_tag(painter, theme, area, name)
            left = area.right() + theme.px(4)

    def _paint_preview(self, painter: QPainter, inside: QRect, place: Place) -> None:
        theme = self._theme
        text, tone = self._table.model_of_targets.preview_text(place)
        if text and tone in ("warn", "error"):
            side = theme.px(16)
            icon = "warning" if tone == "warn" else "error"
            theme.paint_icon(painter, QRect(inside.left(), inside.top(), side, inside.height()), icon, tone, 14)
            inside = inside.adjusted(side + theme.px(4), 0, 0, 0)
        paint_words(painter, inside, text, theme.font("secondary"), theme, tone)

    def _paint_over_row(
        self, painter: QPainter, option: QStyleOptionViewItem, row: MapRow | None, fitting: Fitting, *, is_over: bool
    ) -> None:
        """While something is carried: what a drop would do, and an outline around the row under the mouse."""
        theme, table = self._theme, self._table
        painter.setClipping(False)
        left, right = table.columnViewportPosition(SOURCE), table.columnViewportPosition(PREVIEW)
        words = QRect(left + theme.px(SIDE), option.rect.top(), right - left - theme.px(SIDE), option.rect.height())
        self._paint_verdict(painter, words, row, fitting)
        if is_over and fitting.fit is not Fit.IMPOSSIBLE:
            token = "accent" if fitting.fit is Fit.SAME else "warn"
            area = QRectF(0, option.rect.top(), option.rect.right(), option.rect.height() - 1)
            draw_box(painter, area, 0, None, theme.color(token), edge_width=theme.measure("focus"))
