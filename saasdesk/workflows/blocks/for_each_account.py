"""For each account of this person: sends each of the person's SaaS users along a way of its own, then goes on."""

from collections.abc import Iterator, Mapping
from typing import Any

from saasdesk.rules import Rule, to_sentence
from saasdesk.workflows.blocks.form import FieldKind, FormField, field_choices
from saasdesk.workflows.blocks.kind import (
    BlockKind,
    BlockSettings,
    Done,
    Fault,
    Foreseen,
    Group,
    Hands,
    Visit,
    Waits,
    WaitsFor,
    World,
)
from saasdesk.workflows.graph import FAILURE, WorkflowDocument
from saasdesk.workflows.record import RecordView

EACH, DONE = "each", "done"


class ForEachAccountSettings(BlockSettings):
    """`criteria` is about SaaS users, and narrows which of the person's go."""

    criteria: Rule | None = None


class ForEachAccount(BlockKind[ForEachAccountSettings]):
    """A way within the way."""

    key = "for_each_account"
    title = "For each account of this person"
    help = "Sends each active SaaS user of the person along “each”, one after the other, and then goes on by “done”."
    group = Group.FLOW
    icon = "people"
    settings_type = ForEachAccountSettings

    def outlets(self, settings: ForEachAccountSettings) -> tuple[str, ...]:
        del settings
        return (EACH, DONE, FAILURE)

    def problems(self, settings: ForEachAccountSettings, document: WorkflowDocument, world: World) -> Iterator[Fault]:
        if document.object != "people":
            yield Fault(f"It goes through the accounts of a person, and here it meets {document.object_in_words}.")
        named = settings.criteria.field_names() if settings.criteria is not None else set()
        for name in sorted(named - world.account_fields.keys()):
            yield Fault(f"There is no field {name} in saas_users.", "criteria")

    def form(self, settings: Mapping[str, Any], document: WorkflowDocument, world: World) -> tuple[FormField, ...]:
        del settings, document
        return (
            FormField(
                "criteria",
                "Which accounts",
                FieldKind.RULE,
                "Without a rule, every active SaaS user of the person.",
                choices=field_choices(world.account_fields),
            ),
        )

    def summary(self, settings: ForEachAccountSettings, world: World) -> str:
        if settings.criteria is None:
            return "every active account"
        labels = {name: known.label for name, known in world.account_fields.items()}
        return f"where {to_sentence(settings.criteria, labels)}"

    def foresee(self, settings: ForEachAccountSettings, visit: Visit) -> Foreseen:
        accounts = _accounts(settings, visit)
        count = f"{len(accounts) or 'no'} account{'' if len(accounts) == 1 else 's'}"
        return Foreseen(DONE, count, each=accounts)

    def perform(self, settings: ForEachAccountSettings, visit: Visit, hands: Hands) -> Done:
        tally = hands.send_each(_accounts(settings, visit))
        if tally.waiting:
            message = f"{tally.waiting} of the person's accounts still wait."
            return Done(None, message, waits=Waits(WaitsFor.ACCOUNTS))
        if tally.failed:
            return Done(FAILURE, f"{tally.failed} of {tally.failed + tally.completed} accounts did not come through.")
        return Done(DONE, f"{tally.completed or 'no'} account{'' if tally.completed == 1 else 's'} came through")


def _accounts(settings: ForEachAccountSettings, visit: Visit) -> tuple[RecordView, ...]:
    rule = settings.criteria
    known = visit.world.accounts_of(visit.record.id)
    return tuple(each for each in known if rule is None or visit.world.fits(rule, each.values))
