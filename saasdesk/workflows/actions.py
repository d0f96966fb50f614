"""Calls that change something at a vendor: written down before they leave, sent at most once, and read back.

A call whose answer never came is not repeated: the vendor is asked what became of it, and if that stays open a person
decides.
"""

import hashlib
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum

import orjson

from saasdesk.clock import now_text
from saasdesk.connectors import ADMIN, Connector, Danger, Found, Gone, VendorClient
from saasdesk.connectors.pages import value_at
from saasdesk.credentials import Credential, Vault, open_session
from saasdesk.errors import UserError
from saasdesk.store import Connection, Store
from saasdesk.web import Answer, CancelledMidway, ErrorKind, VendorError, VendorSession
from saasdesk.workflows import rows
from saasdesk.workflows.blocks.kind import Done, Seen
from saasdesk.workflows.graph import FAILURE, NOT_FOUND, SUCCESS
from saasdesk.workflows.requests import PresetRequest, with_found

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


class Verified(StrEnum):
    """What reading back showed."""

    GONE = "gone"
    DISABLED = "disabled"
    STILL_ACTIVE = "still active"
    CANNOT_VERIFY = "cannot verify"


@dataclass(frozen=True, slots=True)
class _Outcome:
    state: ActionState
    outlet: str
    message: str
    status: int | None = None
    # How long to wait before it may be sent again; None means that it may not.
    again_after: float | None = None


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
                return Done(FAILURE, "This call was made before for the same event; it is never made twice.")
            outcome = _send(session, request)
            verified = ""
            if outcome.state in {ActionState.SUCCEEDED, ActionState.UNKNOWN}:
                verified = _read_back(client, request)
            if outcome.state is ActionState.UNKNOWN and verified in {Verified.GONE, Verified.DISABLED}:
                outcome = _Outcome(ActionState.RESOLVED, SUCCESS, f"{outcome.message} It was carried out all the same.")
            self._note(action, outcome, verified)
            if outcome.again_after is None or number == _MOST_TRIES:
                return _as_done(outcome, verified)
            self._stop.wait(outcome.again_after)
        raise AssertionError("the last try always returns")

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


def _send(session: VendorSession, request: PresetRequest) -> _Outcome:
    preset = request.preset
    gone = preset.already_gone
    try:
        answer = session.send(
            preset.method,
            request.path,
            request.params or None,
            request.body,
            accept_statuses=gone.statuses if gone is not None else (),
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
    words = next(
        (
            words
            for look, words in request.preset.explains
            if error.status is not None and look.fits(error.status, error.json_error)
        ),
        "",
    )
    message = f"{error} {words}".rstrip()
    if not error.maybe_sent:
        return _Outcome(ActionState.NOT_SENT, FAILURE, message, again_after=PAUSE_SECONDS)
    if error.kind not in _NOT_CARRIED_OUT:
        return _Outcome(ActionState.UNKNOWN, FAILURE, message, error.status)
    wait = error.wait_seconds or 0.0
    again = wait if error.kind is ErrorKind.RATE_LIMITED and wait <= 120 else None
    return _Outcome(ActionState.REFUSED, FAILURE, message, error.status, again)


def _judge(answer: Answer, request: PresetRequest) -> _Outcome:
    preset, document = request.preset, _document(answer)
    gone = preset.already_gone
    if gone is not None and answer.status >= 300:
        if gone.fits(answer.status, document):
            return _Outcome(
                ActionState.SUCCEEDED, NOT_FOUND, "Was already gone; nothing had to be done.", answer.status
            )
        return _Outcome(
            ActionState.REFUSED,
            FAILURE,
            f"Refused ({answer.status}), and not in a way that says it is gone.",
            answer.status,
        )
    if preset.success.fits(answer.status, document):
        return _Outcome(ActionState.SUCCEEDED, SUCCESS, "", answer.status)
    return _Outcome(ActionState.UNKNOWN, FAILURE, f"An answer that was not expected ({answer.status}).", answer.status)


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
    if preset.success.fits(answer.status, document):
        return _Outcome(ActionState.SUCCEEDED, SUCCESS, "", answer.status)
    return _Outcome(ActionState.REFUSED, FAILURE, f"An answer that was not expected ({answer.status}).", answer.status)


def _document(answer: Answer) -> object:
    if not answer.is_json:
        return None
    try:
        return answer.json()
    except VendorError:
        return None


def _read_back(client: VendorClient, request: PresetRequest) -> str:
    """What the vendor says of the user now; empty for calls after which nobody has to be gone."""
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


def _as_done(outcome: _Outcome, verified: str = "") -> Done:
    return Done(outcome.outlet, outcome.message, verified=verified)
