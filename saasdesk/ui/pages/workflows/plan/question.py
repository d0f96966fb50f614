"""What is asked before a plan is carried out: the number to type for what cannot be undone, else nothing."""

from PySide6.QtCore import QCoreApplication

from saasdesk.ui.dialogs.confirmation import Check, Confirmation, Named, Use
from saasdesk.ui.pages.workflows.plan.contents import PROBLEM, PROTECTED, PlanContents
from saasdesk.ui.pages.workflows.words import counted_records, vendors_in_words
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.planning import WorkflowPlan

# More names than anybody reads; the plan behind the dialog has all of them.
_MOST_NAMES = 200
# What is done to somebody, and not to what they have.
_OF_PEOPLE = ("Delete", "Deactivate", "Suspend")


def question_of(contents: PlanContents, plan: WorkflowPlan, *, launches: bool) -> Confirmation | None:
    """The question for what is ticked; None where nothing cannot be undone."""
    count = plan.irreversible
    if not count:
        return None
    acting = [way for way in plan.ways if any(request.is_irreversible for request in way.requests)]
    requests = [request for way in acting for request in way.requests if request.is_irreversible]
    vendors = sorted({request.vendor for request in requests})
    presets = sorted({request.preset.title for request in requests})
    where = vendors_in_words(vendors)
    who = counted_records(len(acting), contents.document.object)
    verb = _verb(presets)
    title = _tr("{0} for {1} in {2}?").format(" / ".join(presets), who, where)
    button = _tr("Send {0} to {1}").format(count, where)
    if verb in _OF_PEOPLE:
        title, button = f"{verb} {who} in {where}?", f"{verb} {who}"
    text = _tr("{0} carries this out for good. saasdesk cannot bring it back; the history stays here.").format(where)
    if launches:
        button = _tr("Launch")
        title = _tr("Launch “{0}”?").format(contents.workflow.name)
        allowed = (
            _tr("From then on it can be run by hand, within the caps: {0} for {1} in {2}, as its plan is today.")
            if _is_by_hand(contents.document)
            else _tr(
                "From then on it may do this by itself, within the caps: {0} for {1} in {2}, as its plan is today."
            )
        )
        nothing_yet = _tr("Nothing is sent by launching it.")
        text = f"{allowed.format(' / '.join(presets), who, where)} {nothing_yet}"
    return Confirmation(
        title=title,
        text=text,
        count=count,
        button=button,
        verb=verb or _tr("Send"),
        subject=" ".join(vendors),
        note=_tr("Calls go one after the other, each once."),
        named=tuple(Named(way.label, min(way.names, key=_like_mail, default="")) for way in acting[:_MOST_NAMES]),
        checks=_checks(contents),
        use=Use(
            _tr("Safeguard"),
            count,
            contents.per_run,
            _tr("{0} of {1} in one run").format(count, contents.per_run),
        ),
    )


def _is_by_hand(document: WorkflowDocument) -> bool:
    """Whether nothing but a person begins it."""
    return all(set(begin.settings.get("actions", ["by_hand"])) == {"by_hand"} for begin in document.of_kind("begin"))


def _checks(contents: PlanContents) -> tuple[Check, ...]:
    protected = contents.counts[PROTECTED]
    broken = contents.counts[PROBLEM]
    checks = [
        Check(
            "passed",
            _tr("Nobody of them is protected"),
            _tr("{0} left alone").format(protected) if protected else "",
        ),
        Check("passed", _tr("Each id is the one that the vendor's own list gave")),
        Check("passed", _tr("The credential belongs to the vendor, and may act")),
    ]
    if broken:
        checks.append(Check("review", _tr("{0} would not get through; the plan says why").format(broken)))
    if contents.plan.unknown_sentence:
        checks.append(Check("review", contents.plan.unknown_sentence))
    return tuple(checks)


def _verb(presets: list[str]) -> str:
    """One word for what is done, where all titles share one."""
    for verb in (*_OF_PEOPLE, "Revoke", "Remove"):
        if presets and all(verb.casefold() in title.casefold() for title in presets):
            return verb
    return ""


def _like_mail(name: str) -> tuple[bool, str]:
    return ("@" not in name, name)


def _tr(text: str) -> str:
    return QCoreApplication.translate("WorkflowPlan", text)
