"""Begin: for which records, and when."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from saasdesk.rules import Rule, to_sentence
from saasdesk.schedule import Schedule
from saasdesk.workflows.blocks.form import Choice, FieldKind, FormField, field_choices
from saasdesk.workflows.blocks.kind import BlockKind, BlockSettings, Fault, Foreseen, Group, Visit, World
from saasdesk.workflows.graph import WorkflowDocument

NEXT = "next"


class Action(StrEnum):
    """What starts a workflow."""

    CREATED = "created"
    EDITED = "edited"
    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"
    SCHEDULE = "schedule"
    BY_HAND = "by_hand"


_ACTIONS = (
    Choice("by_hand", "By hand", "a person sends records through"),
    Choice("created", "Record created", "a new record"),
    Choice("edited", "Record edited", "a field of a record changed"),
    Choice("deactivated", "Record deactivated", "a record was deactivated"),
    Choice("reactivated", "Record reactivated", "a deactivated record is active again"),
    Choice("schedule", "Schedule", "at set times, with every record that fits"),
)
_RUN_FOR = (
    Choice("active", "Active records"),
    Choice("deactivated", "Deactivated records"),
    Choice("all", "All records"),
)
# What is known of every record besides its fields.
_COMPUTED = frozenset({"record_state", "deactivated", "deactivated_at", "archived", "created_at", "updated_at"})


class BeginSettings(BlockSettings):
    """`fields` narrows *edited* to some fields; `criteria` to the records that fit.

    `changed_from` and `changed_to` narrow it further: to edits in which each named field had, and has now, this value;
    an empty text stands for an empty field.
    """

    actions: tuple[Action, ...] = Field(default=(Action.BY_HAND,), min_length=1)
    run_for: Literal["active", "deactivated", "all"] = "active"
    criteria: Rule | None = None
    fields: tuple[str, ...] = ()
    changed_from: dict[str, str] = Field(default_factory=dict)
    changed_to: dict[str, str] = Field(default_factory=dict)
    schedule: Schedule | None = None

    def suits(self, edits: Iterable[tuple[str, object, object]]) -> bool:
        """Whether an edit is one that counts: its fields, with what each had before and has now."""
        known = {field: (_folded(before), _folded(after)) for field, before, after in edits}
        nothing = (None, None)
        return all(known.get(name, nothing)[0] == text.casefold() for name, text in self.changed_from.items()) and all(
            known.get(name, nothing)[1] == text.casefold() for name, text in self.changed_to.items()
        )

    @property
    def is_active(self) -> bool | None:
        """Whether active records go through it, deactivated ones, or (None) both."""
        return {"active": True, "deactivated": False, "all": None}[self.run_for]


def _folded(value: object) -> str:
    return "" if value is None else str(value).casefold()


class Begin(BlockKind[BeginSettings]):
    """Where every record comes in."""

    key = "begin"
    title = "Begin"
    help = "Which records go through the workflow, and what starts it."
    is_local = True
    group = Group.FLOW
    icon = "play"
    settings_type = BeginSettings

    def outlets(self, settings: BeginSettings) -> tuple[str, ...]:
        del settings
        return (NEXT,)

    def problems(self, settings: BeginSettings, document: WorkflowDocument, world: World) -> Iterator[Fault]:
        if Action.SCHEDULE in settings.actions and settings.schedule is None:
            yield Fault("It is to start by a schedule, and none is set.", "schedule", "fill_in")
        of_edits = {"fields": settings.fields, "changed_from": settings.changed_from, "changed_to": settings.changed_to}
        for key, names in of_edits.items():
            if names and Action.EDITED not in settings.actions:
                yield Fault("Fields are named, which count for the action “edited” only.", key, "remove_setting")
        named = {(key, name) for key, names in of_edits.items() for name in names}
        if settings.criteria is not None:
            named |= {("criteria", name) for name in settings.criteria.field_names()}
        for key, name in sorted(named):
            if name not in world.fields and name not in _COMPUTED:
                yield Fault(f"There is no field {name} in {document.object_in_words}.", key)

    def form(self, settings: Mapping[str, Any], document: WorkflowDocument, world: World) -> tuple[FormField, ...]:
        choices = field_choices(world.fields)
        actions = settings.get("actions") or ()
        fields = [
            FormField(
                "actions",
                "Actions",
                FieldKind.ACTIONS,
                "What starts the workflow.",
                required=True,
                choices=_ACTIONS,
                default=("by_hand",),
            )
        ]
        if Action.SCHEDULE in actions:
            fields.append(FormField("schedule", "Schedule", FieldKind.SCHEDULE, required=True))
        if Action.EDITED in actions:
            whole = "An empty value stands for an empty field."
            fields += [
                FormField(
                    "fields", "Edited fields", FieldKind.FIELDS, "Without any, every edit counts.", choices=choices
                ),
                FormField("changed_from", "Changed from", FieldKind.VALUES, whole, choices=choices),
                FormField("changed_to", "Changed to", FieldKind.VALUES, whole, choices=choices),
            ]
        return (
            *fields,
            FormField("run_for", "Run for", FieldKind.CHOICE, choices=_RUN_FOR, default="active"),
            FormField(
                "criteria",
                "Rule criteria",
                FieldKind.RULE,
                f"Which {document.object.replace('_', ' ').replace('saas', 'SaaS')} go through; without a rule, all.",
                choices=choices,
            ),
        )

    def summary(self, settings: BeginSettings, world: World) -> str:
        started = " · ".join(action.value.replace("_", " ") for action in settings.actions)
        if settings.criteria is None:
            return started
        labels = {name: known.label for name, known in world.fields.items()}
        return f"{started} · where {to_sentence(settings.criteria, labels)}"

    def foresee(self, settings: BeginSettings, visit: Visit) -> Foreseen:
        del settings, visit
        return Foreseen(NEXT)
