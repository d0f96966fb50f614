"""A part of the inspector below the form, which some kinds of block have."""

from PySide6.QtWidgets import QWidget

from saasdesk.ui.canvas.inspector.around import Around
from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.theme import Theme
from saasdesk.workflows.graph import Block


class Extra(QWidget):
    """A part below the form."""

    def __init__(self, theme: Theme, model: WorkflowModel, around: Around) -> None:
        super().__init__()
        self._theme, self._model, self._around = theme, model, around

    def show_block(self, block: Block) -> None:
        """The block is another now, or its settings are."""
        raise NotImplementedError
