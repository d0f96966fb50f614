"""What can be done with a field, and with a source: the same by mouse and by the menu key."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from saasdesk.mapping.editing import Place
from saasdesk.ui.mapping_editor.policies import policies_in_words
from saasdesk.ui.mapping_editor.source_combo import constants_of
from saasdesk.ui.visible_text import escaped_ampersands

if TYPE_CHECKING:
    from saasdesk.ui.mapping_editor.editor import MappingEditor


def field_menu(editor: "MappingEditor", place: Place) -> QMenu:
    """What can be done with a field of ours."""
    board, menu = editor.board, QMenu(editor)
    row, field = board.row_of(place), board.field_at(place)
    is_key = row is not None and row.sync_key is not None
    _add(menu, _tr("Choose a source…"), partial(editor.targets.edit_source, place), "Alt+Down")
    _add(menu, _tr("Map the best match"), editor.map_best, "Ctrl+M")
    for constant in constants_of(field):
        _add(menu, _tr("Use constant “{0}”").format(constant), partial(board.use_constant, place, constant))
    _add(menu, _tr("Unmap"), partial(board.unmap, place), "Del", enabled=row is not None)
    menu.addSeparator()
    _add(menu, _tr("Transform…"), partial(editor.ask_for_steps, place), "Ctrl+T", enabled=row is not None)
    policies = menu.addMenu(_tr("When to write"))
    policies.setEnabled(row is not None)
    for policy, words in policies_in_words().items():
        action = policies.addAction(words)
        action.setCheckable(True)
        action.setChecked(row is not None and row.policy is policy)
        action.triggered.connect(lambda _checked=False, chosen=policy: board.set_policy(place, chosen))
    menu.addSeparator()
    can_be_key = row is not None and row.source is not None and field is not None and field.unique
    words = _tr("Not as a sync key") if is_key else _tr("Use as a sync key")
    _add(menu, words, partial(editor.toggle_key, place), "Ctrl+Shift+K", enabled=can_be_key or is_key)
    _add(menu, _tr("Sync key earlier"), partial(board.move_sync_key, place, -1), "Alt+Shift+Up", enabled=is_key)
    _add(menu, _tr("Sync key later"), partial(board.move_sync_key, place, 1), "Alt+Shift+Down", enabled=is_key)
    if row is not None and is_key and (row.sync_key or 0) > 1:
        update = menu.addAction(_tr("Update sync key"))
        update.setCheckable(True)
        update.setChecked(row.update_key)
        update.triggered.connect(lambda checked: board.set_update_key(place, update=checked))
    return menu


def source_menu(editor: "MappingEditor", source: str) -> QMenu:
    """What can be done with a field of the vendor's; the first entry is what the help articles name."""
    board, menu = editor.board, QMenu(editor)
    item = board.find_source(source)
    _add(menu, _tr("Add new field…"), partial(editor.ask_for_field, source))
    _add(menu, _tr("Map to the field that fits best"), partial(editor.map_source_best, source))
    _add(menu, _tr("Pick up, to be dropped with Enter"), partial(editor.pick, source), "Return")
    if item is not None and item.is_custom:
        menu.addSeparator()
        _add(menu, _tr("Change the custom field…"), partial(editor.ask_for_source, source))
        is_free = not board.places_of(source)
        words = _tr("Remove the custom field") if is_free else _tr("Remove the custom field (unmap it first)")
        _add(menu, words, partial(board.remove_custom, source), enabled=is_free)
    return menu


def _add(menu: QMenu, words: str, run: Callable[[], object], key: str = "", *, enabled: bool = True) -> None:
    action = menu.addAction(escaped_ampersands(words))
    action.triggered.connect(lambda _checked=False: run())
    action.setEnabled(enabled)
    if key:
        # Only shown: the editor listens for the key itself.
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)


def _tr(text: str) -> str:
    return QCoreApplication.translate("MappingEditor", text)
