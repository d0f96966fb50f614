"""What an answer means: whether a call was carried out, whether it may be sent again, what reading back shows."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from saasdesk.connectors import ADMIN, Danger, Found, Gone, Preset, ReadBack, VendorClient, Verified
from saasdesk.connectors.pages import value_at
from saasdesk.errors import UserError
from saasdesk.web import Answer, CancelledMidway, ErrorKind, VendorError, VendorSession, path_segment
from saasdesk.workflows.blocks.kind import Done, Reply
from saasdesk.workflows.exchanges import exchange_of
from saasdesk.workflows.graph import FAILURE, NOT_FOUND, SUCCESS
from saasdesk.workflows.requests import NEW_ID, PresetRequest

PAUSE_SECONDS = 1.0
"""How long to wait before a call that never left is tried again."""

# Where the vendor answers so, the call was read and not carried out; everything else leaves it open.
_NOT_CARRIED_OUT = frozenset(
    {
        ErrorKind.WRONG_KEY,
        ErrorKind.FORBIDDEN,
        ErrorKind.PLAN_NEEDED,
        ErrorKind.NOT_FOUND,
        ErrorKind.RATE_LIMITED,
        ErrorKind.REDIRECTED,
        ErrorKind.WEB_PAGE,
        ErrorKind.REFUSED,
    }
)


class ActionState(StrEnum):
    """How far a call came."""

    ARMED = "armed"
    SUCCEEDED = "succeeded"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    RESOLVED = "resolved"


# What was asked for has come true, or has not.
CAME_TRUE = frozenset({Verified.GONE, Verified.DISABLED, Verified.CONFIRMED})
_WEB_PAGE = "A web page came instead of an answer ({}): a sign-in page or a proxy in between. Check the network."
_DID_NOT = frozenset({Verified.STILL_ACTIVE, Verified.NOT_CONFIRMED})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one call."""

    state: ActionState
    outlet: str
    message: str
    status: int | None = None
    # How long to wait before it may be sent again; None means that it may not.
    again_after: float | None = None
    # The id of what the call made, where it made something.
    new_id: str = ""
    reply: Reply = field(default_factory=Reply)


def in_the_light_of(outcome: Outcome, verified: str, request: PresetRequest) -> Outcome:
    """What became of a call, once it is known what reading back showed."""
    if outcome.state is ActionState.UNKNOWN and verified in CAME_TRUE:
        # Whatever came instead of an answer: what it advises is not to be done any more.
        said = "No answer came that could be understood. Reading back shows that it was carried out."
        return Outcome(ActionState.RESOLVED, SUCCESS, said)
    may_lag = request.read_back is not None and request.read_back.may_lag
    if outcome.state is ActionState.SUCCEEDED and verified in _DID_NOT and not may_lag:
        said = "The vendor answered that it is done, but reading back shows that it is not."
        return replace(outcome, outlet=FAILURE, message=f"{outcome.message} {said}".lstrip())
    return outcome


def precheck(session: VendorSession, request: PresetRequest) -> str:
    """Why the request must not leave, although the vendor would not refuse it; empty where nothing is wrong."""
    if request.precheck is None or request.preset.precheck is None:
        return ""
    path, expects = request.precheck
    try:
        answer = session.get(path, doing=request.preset.title, path_template=request.preset.precheck.path).json()
    except VendorError as error:
        return str(error)
    for at, wanted, words in expects:
        found = value_at(answer, at)
        if str(found).casefold() != str(wanted).casefold():
            return words.replace("{found}", "that is not told" if found is None else str(found)[:60])
    return ""


def _accepted(preset: Preset) -> frozenset[int]:
    """The statuses that are answers rather than errors."""
    gone = preset.already_gone.statuses if preset.already_gone is not None else frozenset()
    return (
        preset.success.statuses | gone | (preset.no_effect[0].statuses if preset.no_effect is not None else frozenset())
    )


def send(session: VendorSession, request: PresetRequest) -> Outcome:
    """Send a call that changes something, once."""
    preset = request.preset
    try:
        answer = session.send(
            preset.method,
            request.address,
            request.params or None,
            request.body,
            accept_statuses=_accepted(preset),
            headers=request.headers or None,
            doing=preset.title,
            path_template=preset.path,
        )
    except CancelledMidway:
        return Outcome(ActionState.UNKNOWN, FAILURE, "Stopped while the vendor was answering.")
    except VendorError as error:
        return replace(_outcome_of(error, request), reply=Reply(error.json_error, {}, error.status))
    except UserError as error:
        return Outcome(ActionState.NOT_SENT, FAILURE, str(error))
    return replace(_judge(answer, request), reply=_reply(answer))


def _outcome_of(error: VendorError, request: PresetRequest) -> Outcome:
    words = "" if error.status is None else _explained(request.preset, error.status, error.json_error)
    message = f"{error} {words}".rstrip()
    if not error.maybe_sent:
        return Outcome(ActionState.NOT_SENT, FAILURE, message, again_after=PAUSE_SECONDS)
    if error.kind not in _NOT_CARRIED_OUT:
        return Outcome(ActionState.UNKNOWN, FAILURE, message, error.status)
    wait = error.wait_seconds or 0.0
    again = wait if error.kind is ErrorKind.RATE_LIMITED and wait <= 120 else None
    return Outcome(ActionState.REFUSED, FAILURE, message, error.status, again)


def _explained(preset: Preset, status: int, document: object) -> str:
    """Our words for a refusal whose reason the vendor only hints at."""
    return next((words for look, words in preset.explains if look.fits(status, document)), "")


def _judge(answer: Answer, request: PresetRequest) -> Outcome:
    preset, document, status = request.preset, _document(answer), answer.status
    if preset.no_effect is not None and preset.no_effect[0].fits(status, document):
        outlet = NOT_FOUND if preset.danger is Danger.DESTROYS else SUCCESS
        return Outcome(ActionState.SUCCEEDED, outlet, preset.no_effect[1], status)
    if status >= 300 and status not in preset.success.statuses:
        if preset.already_gone is not None and preset.already_gone.fits(status, document):
            return Outcome(ActionState.SUCCEEDED, NOT_FOUND, "Was already gone; nothing had to be done.", status)
        refused = f"Refused ({status}), and not in a way that says it is gone."
        return Outcome(
            ActionState.REFUSED, FAILURE, f"{refused} {_explained(preset, status, document)}".rstrip(), status
        )
    if answer.is_web_page:
        # From a proxy or a sign-in: whether the call ever came through is not told.
        return Outcome(ActionState.UNKNOWN, FAILURE, _WEB_PAGE.format(status), status)
    if preset.success.fits(status, document):
        back = request.read_back
        made = value_at(document, back.new_id_path) if back is not None and back.new_id_path else None
        new_id = made if isinstance(made, str) else ""
        return Outcome(ActionState.SUCCEEDED, SUCCESS, "", status, new_id=new_id)
    if preset.is_own:
        # It was answered: what counts as success is the admin's word, and the call never leaves again.
        return Outcome(ActionState.SUCCEEDED, FAILURE, _not_expected(preset, status), status)
    return Outcome(ActionState.UNKNOWN, FAILURE, f"An answer that was not expected ({status}).", status)


def read(session: VendorSession, request: PresetRequest) -> Outcome:
    """Ask the vendor something; tried again where that may help."""
    preset = request.preset
    gone = preset.already_gone
    try:
        answer = session.send(
            preset.method,
            request.address,
            request.params or None,
            request.body,
            retry=True,
            accept_statuses=_accepted(preset),
            headers=request.headers or None,
            doing=preset.title,
            path_template=preset.path,
        )
    except VendorError as error:
        reply = Reply(error.json_error, {}, error.status)
        return Outcome(ActionState.REFUSED, FAILURE, str(error), error.status, reply=reply)
    document, reply, status = _document(answer), _reply(answer), answer.status
    if gone is not None and gone.fits(status, document):
        said = "The vendor does not know this user."
        return Outcome(ActionState.SUCCEEDED, NOT_FOUND, said, status, reply=reply)
    if answer.is_web_page:
        return Outcome(ActionState.REFUSED, FAILURE, _WEB_PAGE.format(status), status, reply=reply)
    if preset.success.fits(status, document):
        return Outcome(ActionState.SUCCEEDED, SUCCESS, "", status, reply=reply)
    return Outcome(ActionState.REFUSED, FAILURE, _not_expected(preset, status), status, reply=reply)


def _not_expected(preset: Preset, status: int) -> str:
    if preset.is_own and preset.success.path:
        return f"The answer ({status}) does not have “{preset.success.value}” at {preset.success.path}."
    return f"An answer that was not expected ({status})."


def _reply(answer: Answer) -> Reply:
    return Reply(_document(answer), answer.headers, answer.status)


def _document(answer: Answer) -> object:
    if not answer.is_json:
        return None
    try:
        return answer.json()
    except VendorError:
        return None


def verified_by(client: VendorClient | None, session: VendorSession, request: PresetRequest, new_id: str) -> str:
    """What the vendor says now; empty for calls after which nothing can be seen."""
    if request.read_back is not None:
        return _read_back(session, request.read_back, request.preset, new_id)
    if request.preset.danger is not Danger.DESTROYS:
        return ""
    if client is None or request.preset.kind != ADMIN or not client.can_read_one or not request.user_id:
        return Verified.CANNOT_VERIFY
    try:
        found = client.read_user(request.user_id)
    except VendorError:
        return Verified.CANNOT_VERIFY
    match found:
        case Gone():
            return Verified.GONE
        case Found(record):
            return (
                Verified.DISABLED if client.connector.saas.saas_values(record.raw).inactive else Verified.STILL_ACTIVE
            )
        case _:
            return Verified.CANNOT_VERIFY


def _read_back(session: VendorSession, back: ReadBack, preset: Preset, new_id: str) -> str:
    if back.new_id_path and not new_id:
        return Verified.CANNOT_VERIFY
    try:
        answer = session.send(
            back.method,
            back.path.replace(NEW_ID, path_segment(new_id)) if new_id else back.path,
            back.params or None,
            back.body,
            retry=True,
            accept_statuses=frozenset().union(*(look.statuses for look, _shown in back.shows)),
            doing=f"look what became of {preset.title}",
            path_template=back.path if preset.read_back is None else preset.read_back.path,
        )
    except (VendorError, UserError):
        return Verified.CANNOT_VERIFY
    document = _document(answer)
    shown = next((shown for look, shown in back.shows if look.fits(answer.status, document)), None)
    return shown or Verified.CANNOT_VERIFY


def as_done(outcome: Outcome, request: PresetRequest, *, tries: int = 1, verified: str = "") -> Done:
    """What a block hears of it."""
    exchange = exchange_of(request, outcome.reply, tries)
    return Done(outcome.outlet, outcome.message, verified=verified, exchange=exchange, reply=outcome.reply)
