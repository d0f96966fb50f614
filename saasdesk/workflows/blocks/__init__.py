"""The kinds of blocks. A new one is a file of its own and a line here."""

from collections.abc import Mapping
from typing import Any

from saasdesk.workflows.blocks.api import Api
from saasdesk.workflows.blocks.approval import Approval
from saasdesk.workflows.blocks.begin import Action, Begin, BeginSettings
from saasdesk.workflows.blocks.comment import Comment
from saasdesk.workflows.blocks.conditional import Conditional
from saasdesk.workflows.blocks.delay import Delay
from saasdesk.workflows.blocks.end import End
from saasdesk.workflows.blocks.for_each_account import ForEachAccount
from saasdesk.workflows.blocks.kind import BlockKind, FieldChange, Foreseen, Visit, World
from saasdesk.workflows.blocks.notification import Notification
from saasdesk.workflows.blocks.retire import Retire
from saasdesk.workflows.blocks.saas_user_role import SaasUserRole
from saasdesk.workflows.blocks.set_variable import SetVariable
from saasdesk.workflows.blocks.update import Update
from saasdesk.workflows.graph import FAILURE, SUCCESS, Block

# Any: each kind has settings of its own type.
KINDS: Mapping[str, BlockKind[Any]] = {
    kind.key: kind
    for kind in (
        Begin(),
        Conditional(),
        Api(),
        SaasUserRole(),
        Update(),
        SetVariable(),
        Retire(),
        Notification(),
        Approval(),
        Delay(),
        ForEachAccount(),
        End(),
        Comment(),
    )
}


def outlets_of(block: Block) -> tuple[str, ...]:
    """What a record can leave a block by, also while its settings are not all there yet."""
    kind = KINDS.get(block.kind)
    return (SUCCESS, FAILURE) if kind is None else kind.drawn_outlets(block.settings)


__all__ = ["KINDS", "Action", "BeginSettings", "BlockKind", "FieldChange", "Foreseen", "Visit", "World", "outlets_of"]
