"""The drag-to-map editor: a real table with links drawn over it; everything also by keyboard."""

from saasdesk.ui.mapping_editor.board import MappingBoard, SourceItem
from saasdesk.ui.mapping_editor.editor import MappingEditor

__all__ = ["MappingBoard", "MappingEditor", "SourceItem"]
