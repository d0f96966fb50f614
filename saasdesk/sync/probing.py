"""Try a key: does it work, what may it do, and what should change where it may not."""

import threading
from dataclasses import dataclass, replace
from datetime import date

from saasdesk.clock import now_text
from saasdesk.connectors import CONNECTORS, Connector, Probe, VendorRecord
from saasdesk.credentials import (
    UNLISTED,
    Credential,
    Draft,
    Entry,
    Finding,
    LastTest,
    MissingKey,
    UnlistedVendor,
    Vault,
    open_session,
)
from saasdesk.credentials.unlisted import TEST_ADDRESS, address_of
from saasdesk.errors import Cancelled, ExitCode, UserError
from saasdesk.jobs import Tell
from saasdesk.store import Store
from saasdesk.sync.integration import IntegrationDocument
from saasdesk.sync.preparation import Opened, open_client, open_with
from saasdesk.web import ErrorKind, Origin, Secret, VendorError

# What the vendor says of the key itself; everything else lies on the way to it.
_ABOUT_THE_KEY = frozenset({ErrorKind.WRONG_KEY, ErrorKind.FORBIDDEN, ErrorKind.PLAN_NEEDED})


def probe_credential(store: Store, vault: Vault, name: str, tell: Tell, stop: threading.Event) -> Probe:
    """Probe a stored credential with its own inputs, and note what came of it; raises when the key does not work."""
    credential = vault.find(name)
    try:
        if credential.connector == UNLISTED:
            found = _try_address(store, vault, credential, None, tell, stop)
        else:
            found = _probe_and_close(_open(store, vault, credential.name, tell, stop))
    except (VendorError, MissingKey) as error:
        note_refused(vault, name, error)
        raise
    vault.note_tested(name, now_text(), as_kept(found))
    return found


def note_refused(vault: Vault, name: str, error: UserError) -> None:
    """Note that a key does not work, where that is what the error says."""
    if isinstance(error, MissingKey) or (isinstance(error, VendorError) and error.kind in _ABOUT_THE_KEY):
        vault.note_tested(name, now_text(), LastTest(works=False, text=str(error)))


def note_worked(vault: Vault, name: str) -> None:
    """Note that a run has just read with a key; what an earlier test said of its features still holds."""
    known = vault.find(name).last_test
    vault.note_tested(name, now_text(), known if known is not None and known.works else LastTest(works=True, text=""))


def probe_draft(store: Store, vault: Vault, draft: Draft, tell: Tell, stop: threading.Event) -> Probe:
    """Try a key that is not saved; raises when it does not work, and what is saved stays as it was."""
    credential = draft.credential
    if credential.connector == UNLISTED:
        return _try_address(store, vault, credential, draft.secret, tell, stop)
    document = _document_for(credential)
    return _probe_and_close(
        open_with(store, vault, credential, document, tell, stop, any_kind=True, secret=draft.secret)
    )


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that is to replace another, and what comes with it; a new address is bound by entering the key for it."""

    key: str
    expires: date | None = None
    base_url: str | None = None
    # Of a vendor that is not listed: where the key may go from now on, and what a test reads.
    hosts: tuple[str, ...] = ()
    test_address: str = ""


def draft_of_new_key(vault: Vault, name: str, new: NewKey) -> Draft:
    """A stored credential with another key in its place; what was not entered anew stays."""
    before = vault.find(name)
    entry = Entry(expires=new.expires, base_url=new.base_url)
    if before.connector != UNLISTED:
        return vault.draft(before.name, CONNECTORS[before.connector], new.key, entry)
    vendor = UnlistedVendor(new.hosts or before.hosts, UnlistedVendor.of(before).sign_in)
    if new.test_address:
        entry = replace(entry, inputs={TEST_ADDRESS: address_of(vendor.hosts, new.test_address)})
    return vault.draft(before.name, vendor, new.key, entry)


def replace_key(
    store: Store,
    vault: Vault,
    name: str,
    new: NewKey,
    tell: Tell,
    stop: threading.Event,
    *,
    in_memory: bool = False,
) -> Probe:
    """Put another key in the place of a credential's, once it was seen to work; whatever fails, the old one stays."""
    draft = draft_of_new_key(vault, name, new)
    found = probe_draft(store, vault, draft, tell, stop)
    if stop.is_set():
        raise Cancelled
    keep_tested(vault, draft, found, in_memory=in_memory)
    return found


def keep_tested(vault: Vault, draft: Draft, found: Probe, *, in_memory: bool = False) -> Credential:
    """Save a draft together with what its test found."""
    saved = vault.keep(draft, in_memory=in_memory)
    vault.note_tested(saved.name, now_text(), as_kept(found))
    return vault.find(saved.name)


def with_permission(draft: Draft, permission: str) -> Draft:
    """The same draft for reading, or for reading and acting."""
    return replace(draft, credential=replace(draft.credential, permission=permission))


def as_kept(found: Probe) -> LastTest:
    """A test as the credential keeps it."""
    features = tuple(Finding(each.name, each.works, each.advice) for each in found.features)
    return LastTest(works=True, text=found.identity, features=features)


def lacks_for_acting(connector: Connector, found: Probe) -> tuple[str, ...]:
    """Of the features that change something at the vendor, those that the key was refused, each with what to do."""
    acting = {check.feature for check in connector.key_test.checks if check.acts}
    return tuple(f"{each.name}: {each.advice}" for each in found.features if each.key in acting and each.works is False)


def is_acting_untried(connector: Connector, found: Probe) -> bool:
    """Whether no feature that changes something at the vendor could be tried."""
    acting = {check.feature for check in connector.key_test.checks if check.acts}
    return not any(each.key in acting and each.works is not None for each in found.features)


def first_records(
    store: Store, vault: Vault, name: str, count: int, tell: Tell, stop: threading.Event, wanted: str = "users"
) -> list[VendorRecord]:
    """The first few of the vendor's users or devices, to show before anything is saved."""
    opened = _open(store, vault, name, tell, stop, wanted)
    try:
        with opened.client.list_users(count, enrich=False) as listing:
            return [record for page in listing for record in page.records]
    finally:
        opened.session.close()


def _probe_and_close(opened: Opened) -> Probe:
    try:
        return opened.client.probe()
    finally:
        opened.session.close()


def _try_address(
    store: Store, vault: Vault, credential: Credential, secret: Secret | None, tell: Tell, stop: threading.Event
) -> Probe:
    """Read one address of the vendor's; its status is all that can be said."""
    address = credential.inputs.get(TEST_ADDRESS, "")
    if not address:
        raise UserError(
            f"“{credential.name}” is for a vendor that is not listed: enter an address to try it with.",
            ExitCode.USAGE,
        )
    origin = Origin.of(address)
    vendor = UnlistedVendor.of(credential)
    with open_session(store, vault, credential, vendor, str(origin), stop, tell, secret=secret) as session:
        answer = session.get(address)
    return Probe(f"{origin.host} (status {answer.status})", ())


def _open(store: Store, vault: Vault, name: str, tell: Tell, stop: threading.Event, wanted: str = "users") -> Opened:
    credential = vault.find(name)
    return open_client(store, vault, _document_for(credential, wanted), tell, stop, any_kind=True)


def _document_for(credential: Credential, wanted: str = "users") -> IntegrationDocument:
    title = CONNECTORS[credential.connector].title
    return IntegrationDocument.model_validate(
        {"name": title, "connector": credential.connector, "object": wanted, "credential": credential.name}
    )
