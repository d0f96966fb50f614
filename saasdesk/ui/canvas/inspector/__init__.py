"""The inspector of the workflow editor: a form for the selected block."""

from saasdesk.ui.canvas.inspector.around import Around, FoundRecord, Matches
from saasdesk.ui.canvas.inspector.inspector import Inspector
from saasdesk.ui.canvas.inspector.office import Office

__all__ = ["Around", "FoundRecord", "Inspector", "Matches", "Office"]
