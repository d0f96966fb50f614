"""Calls that change something at a vendor: written down before they leave, sent at most once, and read back.

A call whose answer never came is not repeated: the vendor is asked what became of it, and if that stays open a person
decides.
"""

import hashlib
import threading

import orjson

from saasdesk.clock import now_text
from saasdesk.connectors import Connector, Danger, Found, Gone, VendorClient
from saasdesk.credentials import Credential
from saasdesk.errors import UserError
from saasdesk.store import Connection, Store
from saasdesk.web import VendorError, VendorSession
from saasdesk.workflows.answers import (
    CAME_TRUE,
    ActionState,
    Outcome,
    as_done,
    in_the_light_of,
    precheck,
    read,
    send,
    verified_by,
)
from saasdesk.workflows.blocks.kind import Done, Seen
from saasdesk.workflows.graph import FAILURE, NOT_FOUND, SUCCESS
from saasdesk.workflows.requests import PresetRequest, looked_up
from saasdesk.workflows.rows import call_rows, document_rows
from saasdesk.workflows.sessions import Vendors

_MOST_TRIES = 3
# So many answers in a row that never came: something is wrong that more calls would only make worse.
_MOST_UNKNOWN = 3


class TooManyUnknown(UserError):
    """Calls whose answers never came, one after the other: all workflows are paused."""


class Caller:
    """Carries out the calls of one workflow run, one after the other."""

    def __init__(self, store: Store, vendors: Vendors, stop: threading.Event) -> None:
        self._store, self._vendors, self._stop = store, vendors, stop
        self._unknown_in_a_row = 0

    def call(
        self, run: int, block: str, connector: Connector | None, credential: Credential, request: PresetRequest
    ) -> Done:
        """Send the request of one block for one record, and say what became of it."""
        try:
            client, session = self._vendors.client(connector, credential)
            found = looked_up(session, request)
        except VendorError as error:
            return Done(FAILURE, f"Nothing was sent. {error}")
        if found is None:
            look_up = request.preset.look_up
            return Done(NOT_FOUND, "" if look_up is None else look_up.none_found)
        if request.preset.danger is Danger.READS:
            return as_done(read(session, found), found)
        wrong = precheck(session, found)
        if wrong:
            return Done(FAILURE, f"Nothing was sent. {wrong}")
        return self._act(run, block, client, session, found)

    def look(self, connector: Connector, credential: Credential, request: PresetRequest) -> Seen:
        """What the vendor says of the user now; only its own "no such user" counts as gone."""
        try:
            client, _session = self._vendors.client(connector, credential)
            if client is None or not client.can_read_one:
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

    def _act(
        self, run: int, block: str, client: VendorClient | None, session: VendorSession, request: PresetRequest
    ) -> Done:
        open_since = self._open_since(run, client, session, request)
        if open_since is not None:
            return open_since
        for number in range(1, _MOST_TRIES + 1):
            if self._store.settings().workflows_paused:
                return Done(FAILURE, "All workflows are paused; nothing was sent.")
            action = self._store.write(lambda db, number=number: self._arm(db, run, block, number, request))  # type: ignore[misc]
            if action is None:
                return self._made_before(run, block)
            outcome = send(session, request)
            verified = ""
            if outcome.state in {ActionState.SUCCEEDED, ActionState.UNKNOWN}:
                verified = verified_by(client, session, request, outcome.new_id)
            outcome = in_the_light_of(outcome, verified, request)
            self._note(action, outcome, verified)
            if outcome.again_after is None or number == _MOST_TRIES:
                return as_done(outcome, request, tries=number, verified=verified)
            self._stop.wait(outcome.again_after)
        raise AssertionError("the last try always returns")

    def _open_since(
        self, run: int, client: VendorClient | None, session: VendorSession, request: PresetRequest
    ) -> Done | None:
        """Why the call must wait, where nobody knows yet what became of the same one before; the vendor is asked."""
        with self._store.reading() as db:
            like = (request.connector, request.preset.key, _hash_of(request))
            earlier = call_rows.open_call_like(db, *like)
            # This run may have found it out itself, and been cut off before it could write down that it is done.
            carried_out = call_rows.call_like_since(db, *like, run)
        said = "An earlier call was carried out although its answer never came; nothing was sent again."
        if earlier is None:
            return None if carried_out is None else Done(SUCCESS, said, verified=carried_out.verified)
        verified = verified_by(client, session, request, "")
        if verified in CAME_TRUE:
            message, at = f"{earlier.message} {said}".strip(), now_text()
            self._store.write(
                lambda db: call_rows.note_action(
                    db, earlier.id, ActionState.RESOLVED, earlier.status, message, verified, at
                )
            )
            return Done(SUCCESS, said, verified=verified)
        return Done(
            FAILURE,
            "Nothing was sent: the same call was made before, and nobody knows whether it was carried out. "
            f"Look at the vendor, and say what became of call {earlier.id}.",
            verified=verified,
        )

    def _made_before(self, run: int, block: str) -> Done:
        """A call that left already, before the program ended: never again, whatever became of it."""
        with self._store.reading() as db:
            earlier = [action for action in call_rows.actions_of(db, run) if action.block == block]
        if earlier and earlier[-1].state in {ActionState.SUCCEEDED, ActionState.RESOLVED}:
            said = "It was carried out before the program ended; nothing was sent again."
            return Done(SUCCESS, said, verified=earlier[-1].verified)
        return Done(FAILURE, "This call was made before for the same event; it is never made twice.")

    def _arm(self, db: Connection, run: int, block: str, number: int, request: PresetRequest) -> int | None:
        return call_rows.arm(
            db,
            run=run,
            block=block,
            number=number,
            connector=request.connector,
            request=request,
            body_hash=_hash_of(request),
            at=now_text(),
        )

    def _note(self, action: int, outcome: Outcome, verified: str) -> None:
        at = now_text()
        self._store.write(
            lambda db: call_rows.note_action(db, action, outcome.state, outcome.status, outcome.message, verified, at)
        )
        self._unknown_in_a_row = self._unknown_in_a_row + 1 if outcome.state is ActionState.UNKNOWN else 0
        if self._unknown_in_a_row >= _MOST_UNKNOWN:
            self._store.write(lambda db: document_rows.pause_all(db, at))
            raise TooManyUnknown(
                f"{_MOST_UNKNOWN} calls in a row may have been carried out, and nobody can say. All workflows are "
                "paused. Look at the calls, then switch workflows on again in the settings."
            )


def _hash_of(request: PresetRequest) -> str:
    """A mark of what is sent and about whom, by which the same call is known again."""
    return hashlib.sha256(orjson.dumps([request.path, sorted(request.params.items()), request.body])).hexdigest()


__all__ = ["ActionState", "Caller", "TooManyUnknown", "Vendors"]
