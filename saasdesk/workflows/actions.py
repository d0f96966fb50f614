"""Calls that change something at a vendor: written down before they leave, sent at most once, and read back.

A call whose answer never came is not repeated: the vendor is asked what became of it, and if that stays open a person
decides.
"""

import hashlib
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from enum import StrEnum

import orjson

from saasdesk.clock import now_text
from saasdesk.connectors import ADMIN, Connector, Danger, Found, Gone, Preset, ReadBack, VendorClient, Verified
from saasdesk.connectors.pages import value_at
from saasdesk.credentials import Credential, Vault, open_session
from saasdesk.errors import UserError
from saasdesk.store import Connection, Store
from saasdesk.web import Answer, CancelledMidway, ErrorKind, VendorError, VendorSession, path_segment
from saasdesk.workflows import rows
from saasdesk.workflows.blocks.kind import Done, Seen
from saasdesk.workflows.graph import FAILURE, NOT_FOUND, SUCCESS
from saasdesk.workflows.requests import NEW_ID, PresetRequest, with_found

PAUSE_SECONDS = 1.0
"""How long to wait before a call that never left is tried again."""

_MOST_TRIES = 3
# So many answers in a row that never came: something is wrong that more calls would only make worse.
_MOST_UNKNOWN = 3
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
_CAME_TRUE = frozenset({Verified.GONE, Verified.DISABLED, Verified.CONFIRMED})
_DID_NOT = frozenset({Verified.STILL_ACTIVE, Verified.NOT_CONFIRMED})


@dataclass(frozen=True, slots=True)
class _Outcome:
    state: ActionState
    outlet: str
    message: str
    status: int | None = None
    # How long to wait before it may be sent again; None means that it may not.
    again_after: float | None = None
    # The id of what the call made, where it made something.
    new_id: str = ""


class TooManyUnknown(UserError):
    """Calls whose answers never came, one after the other: all workflows are paused."""


class Vendors:
    """The vendors' sessions of one run: each opened once, its key proven before anything else is asked of it."""

    def __init__(self, store: Store, vault: Vault, stop: threading.Event, tell: Callable[[object], None]) -> None:
        self._store, self._vault, self._stop, self._tell = store, vault, stop, tell
        self._open: dict[str, tuple[VendorClient, VendorSession]] = {}

    def client(self, connector: Connector, credential: Credential) -> tuple[VendorClient, VendorSession]:
        """Client and session for this credential; raises when its key opens nothing."""
        if credential.uuid not in self._open:
            seen = connector.of_kind(credential.kind)
            base_url = seen.base_url({"base_url": credential.base_url or ""})
            inputs = seen.clean_inputs(credential.inputs)
            session = open_session(
                self._store, self._vault, credential, seen, base_url, self._stop, self._tell, inputs=inputs
            )
            client = VendorClient(seen, session, {**inputs, "base_url": base_url}, self._tell)
            with ExitStack() as if_it_fails:
                if_it_fails.callback(session.close)
                client.identify()
                if_it_fails.pop_all()
            self._open[credential.uuid] = (client, session)
        return self._open[credential.uuid]

    def close(self) -> None:
        """Hang up everywhere."""
        for _client, session in self._open.values():
            session.close()
        self._open.clear()


class Caller:
    """Carries out the calls of one workflow run, one after the other."""

    def __init__(self, store: Store, vendors: Vendors, stop: threading.Event) -> None:
        self._store, self._vendors, self._stop = store, vendors, stop
        self._unknown_in_a_row = 0

    def call(self, run: int, block: str, connector: Connector, credential: Credential, request: PresetRequest) -> Done:
        """Send the request of one block for one record, and say what became of it."""
        try:
            client, session = self._vendors.client(connector, credential)
            found = self._look_up(session, request)
        except VendorError as error:
            return Done(FAILURE, f"Nothing was sent. {error}")
        if found is None:
            look_up = request.preset.look_up
            return Done(NOT_FOUND, "" if look_up is None else look_up.none_found)
        if request.preset.danger is Danger.READS:
            return _as_done(_read(session, found))
        wrong = _precheck(session, found)
        if wrong:
            return Done(FAILURE, f"Nothing was sent. {wrong}")
        return self._act(run, block, client, session, found)

    def look(self, connector: Connector, credential: Credential, request: PresetRequest) -> Seen:
        """What the vendor says of the user now; only its own "no such user" counts as gone."""
        try:
            client, _session = self._vendors.client(connector, credential)
            if not client.can_read_one:
                return Seen()
            found = client.read_user(request.user_id)
        except VendorError as error:
            return Seen(problem=str(error))
        match found:
            case Gone():
                return Seen(is_gone=True)
            case Found(record):
                return Seen(client.connector.saas.saas_values(record.raw))
            case _:
                return Seen(problem=found.reason)

    def _look_up(self, session: VendorSession, request: PresetRequest) -> PresetRequest | None:
        """The request with the id that only the vendor knows; None where it knows nobody."""
        look_up = request.preset.look_up
        if look_up is None or request.look_up is None:
            return request
        path, params = request.look_up
        answer = session.get(path, params, doing="look the user up", path_template=look_up.path)
        value = value_at(answer.json(), look_up.value_path)
        return with_found(request, str(value)) if isinstance(value, str | int) and str(value).strip() else None

    def _act(self, run: int, block: str, client: VendorClient, session: VendorSession, request: PresetRequest) -> Done:
        for number in range(1, _MOST_TRIES + 1):
            if self._store.settings().workflows_paused:
                return Done(FAILURE, "All workflows are paused; nothing was sent.")
            action = self._store.write(lambda db, number=number: self._arm(db, run, block, number, request))  # type: ignore[misc]
            if action is None:
                return self._made_before(run, block)
            outcome = _send(session, request)
            verified = ""
            if outcome.state in {ActionState.SUCCEEDED, ActionState.UNKNOWN}:
                verified = _verified(client, session, request, outcome.new_id)
            outcome = _in_the_light_of(outcome, verified, request)
            self._note(action, outcome, verified)
            if outcome.again_after is None or number == _MOST_TRIES:
                return _as_done(outcome, verified)
            self._stop.wait(outcome.again_after)
        raise AssertionError("the last try always returns")

    def _made_before(self, run: int, block: str) -> Done:
        """A call that left already, before the program ended: never again, whatever became of it."""
        with self._store.reading() as db:
            earlier = [action for action in rows.actions_of(db, run) if action.block == block]
        if earlier and earlier[-1].state in {ActionState.SUCCEEDED, ActionState.RESOLVED}:
            said = "It was carried out before the program ended; nothing was sent again."
            return Done(SUCCESS, said, verified=earlier[-1].verified)
        return Done(FAILURE, "This call was made before for the same event; it is never made twice.")

    def _arm(self, db: Connection, run: int, block: str, number: int, request: PresetRequest) -> int | None:
        body_hash = hashlib.sha256(orjson.dumps([request.path, sorted(request.params.items()), request.body]))
        return rows.arm(
            db,
            run=run,
            block=block,
            number=number,
            connector=request.connector,
            request=request,
            body_hash=body_hash.hexdigest(),
            at=now_text(),
        )

    def _note(self, action: int, outcome: _Outcome, verified: str) -> None:
        at = now_text()
        self._store.write(
            lambda db: rows.note_action(db, action, outcome.state, outcome.status, outcome.message, verified, at)
        )
        self._unknown_in_a_row = self._unknown_in_a_row + 1 if outcome.state is ActionState.UNKNOWN else 0
        if self._unknown_in_a_row >= _MOST_UNKNOWN:
            self._store.write(lambda db: rows.pause_all(db, at))
            raise TooManyUnknown(
                f"{_MOST_UNKNOWN} calls in a row may have been carried out, and nobody can say. All workflows are "
                "paused. Look at the calls, then switch workflows on again in the settings."
            )


def _in_the_light_of(outcome: _Outcome, verified: str, request: PresetRequest) -> _Outcome:
    """What became of a call, once it is known what reading back showed."""
    if outcome.state is ActionState.UNKNOWN and verified in _CAME_TRUE:
        return _Outcome(ActionState.RESOLVED, SUCCESS, f"{outcome.message} It was carried out all the same.")
    may_lag = request.read_back is not None and request.read_back.may_lag
    if outcome.state is ActionState.SUCCEEDED and verified in _DID_NOT and not may_lag:
        said = "The vendor answered that it is done, but reading back shows that it is not."
        return replace(outcome, outlet=FAILURE, message=f"{outcome.message} {said}".lstrip())
    return outcome


def _precheck(session: VendorSession, request: PresetRequest) -> str:
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
    return gone | (preset.no_effect[0].statuses if preset.no_effect is not None else frozenset())


def _send(session: VendorSession, request: PresetRequest) -> _Outcome:
    preset = request.preset
    try:
        answer = session.send(
            preset.method,
            request.path,
            request.params or None,
            request.body,
            accept_statuses=_accepted(preset),
            doing=preset.title,
            path_template=preset.path,
        )
    except CancelledMidway:
        return _Outcome(ActionState.UNKNOWN, FAILURE, "Stopped while the vendor was answering.")
    except VendorError as error:
        return _outcome_of(error, request)
    except UserError as error:
        return _Outcome(ActionState.NOT_SENT, FAILURE, str(error))
    return _judge(answer, request)


def _outcome_of(error: VendorError, request: PresetRequest) -> _Outcome:
    words = "" if error.status is None else _explained(request.preset, error.status, error.json_error)
    message = f"{error} {words}".rstrip()
    if not error.maybe_sent:
        return _Outcome(ActionState.NOT_SENT, FAILURE, message, again_after=PAUSE_SECONDS)
    if error.kind not in _NOT_CARRIED_OUT:
        return _Outcome(ActionState.UNKNOWN, FAILURE, message, error.status)
    wait = error.wait_seconds or 0.0
    again = wait if error.kind is ErrorKind.RATE_LIMITED and wait <= 120 else None
    return _Outcome(ActionState.REFUSED, FAILURE, message, error.status, again)


def _explained(preset: Preset, status: int, document: object) -> str:
    """Our words for a refusal whose reason the vendor only hints at."""
    return next((words for look, words in preset.explains if look.fits(status, document)), "")


def _judge(answer: Answer, request: PresetRequest) -> _Outcome:
    preset, document, status = request.preset, _document(answer), answer.status
    if preset.no_effect is not None and preset.no_effect[0].fits(status, document):
        outlet = NOT_FOUND if preset.danger is Danger.DESTROYS else SUCCESS
        return _Outcome(ActionState.SUCCEEDED, outlet, preset.no_effect[1], status)
    if status >= 300:
        if preset.already_gone is not None and preset.already_gone.fits(status, document):
            return _Outcome(ActionState.SUCCEEDED, NOT_FOUND, "Was already gone; nothing had to be done.", status)
        refused = f"Refused ({status}), and not in a way that says it is gone."
        return _Outcome(
            ActionState.REFUSED, FAILURE, f"{refused} {_explained(preset, status, document)}".rstrip(), status
        )
    if answer.is_web_page:
        # From a proxy or a sign-in: whether the call ever came through is not told.
        said = f"A web page came instead of an answer ({status})."
        return _Outcome(ActionState.UNKNOWN, FAILURE, said, status)
    if preset.success.fits(status, document):
        back = request.read_back
        made = value_at(document, back.new_id_path) if back is not None and back.new_id_path else None
        new_id = made if isinstance(made, str) else ""
        return _Outcome(ActionState.SUCCEEDED, SUCCESS, "", status, new_id=new_id)
    return _Outcome(ActionState.UNKNOWN, FAILURE, f"An answer that was not expected ({status}).", status)


def _read(session: VendorSession, request: PresetRequest) -> _Outcome:
    preset = request.preset
    gone = preset.already_gone
    try:
        answer = session.send(
            preset.method,
            request.path,
            request.params or None,
            request.body,
            retry=True,
            accept_statuses=gone.statuses if gone is not None else (),
            doing=preset.title,
            path_template=preset.path,
        )
    except VendorError as error:
        return _Outcome(ActionState.REFUSED, FAILURE, str(error), error.status)
    document = _document(answer)
    if gone is not None and gone.fits(answer.status, document):
        return _Outcome(ActionState.SUCCEEDED, NOT_FOUND, "The vendor does not know this user.", answer.status)
    if preset.success.fits(answer.status, document) and not answer.is_web_page:
        return _Outcome(ActionState.SUCCEEDED, SUCCESS, "", answer.status)
    return _Outcome(ActionState.REFUSED, FAILURE, f"An answer that was not expected ({answer.status}).", answer.status)


def _document(answer: Answer) -> object:
    if not answer.is_json:
        return None
    try:
        return answer.json()
    except VendorError:
        return None


def _verified(client: VendorClient, session: VendorSession, request: PresetRequest, new_id: str) -> str:
    """What the vendor says now; empty for calls after which nothing can be seen."""
    if request.read_back is not None:
        return _read_back(session, request.read_back, request.preset, new_id)
    if request.preset.danger is not Danger.DESTROYS:
        return ""
    if request.preset.kind != ADMIN or not client.can_read_one or not request.user_id:
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


def _as_done(outcome: _Outcome, verified: str = "") -> Done:
    return Done(outcome.outlet, outcome.message, verified=verified)
