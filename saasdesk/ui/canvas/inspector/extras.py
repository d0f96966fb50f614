"""What kinds of block have besides their form."""

from saasdesk.ui.canvas.inspector.around import Around
from saasdesk.ui.canvas.inspector.extra import Extra
from saasdesk.ui.canvas.inspector.matches import MatchesExtra
from saasdesk.ui.canvas.inspector.request_trial import RequestTrialExtra
from saasdesk.ui.canvas.inspector.trial import Bench, TrialExtra
from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.theme import Theme
from saasdesk.workflows.blocks import KINDS
from saasdesk.workflows.graph import Block


def make_extra(theme: Theme, model: WorkflowModel, around: Around, bench: Bench, block: Block) -> Extra | None:
    """The part for this kind of block; None where there is nothing to show."""
    if block.kind == "begin":
        return MatchesExtra(theme, model, around)
    if block.kind == "end" or block.is_comment or block.kind not in KINDS:
        return None
    if block.kind == "api":
        return RequestTrialExtra(theme, model, around, bench)
    return TrialExtra(theme, model, around, bench)
