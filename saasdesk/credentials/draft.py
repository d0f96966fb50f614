"""A credential as it would be saved: everything that was entered is checked, and nothing is kept yet."""

import uuid as uuids
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from saasdesk.clock import now_text
from saasdesk.credentials.credential import Credential, CredentialState
from saasdesk.credentials.entry import clean_key
from saasdesk.errors import ExitCode, UserError
from saasdesk.web import Origin, Secret, SignIn, sign_in_from_json, sign_in_to_json

_LONGEST_NAME = 100
_LONGEST_NOTES = 2_000
_KINDS = frozenset({"admin", "scim"})
_PERMISSIONS = frozenset({"read", "act"})


class DeclaredInput(Protocol):
    """What the vault needs to know of a connector's input."""

    @property
    def key(self) -> str:
        """Its name."""

    @property
    def secret(self) -> bool:
        """Whether it is a key itself."""

    def clean(self, entered: str) -> str:
        """The value in what a person typed or pasted; raises where there is none."""


class Vendor(Protocol):
    """What the vault needs to know of a connector."""

    @property
    def key(self) -> str:
        """The connector's own name."""

    @property
    def title(self) -> str:
        """What people call the vendor."""

    @property
    def sign_in(self) -> SignIn:
        """How its key is shown to the vendor."""

    @property
    def inputs(self) -> Sequence[DeclaredInput]:
        """What an admin fills in besides the key."""

    def base_urls(self) -> tuple[str, ...]:
        """Every address to which its key may be sent."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What was entered about a key; None leaves what is known, except the expiry: a new key has its own."""

    kind: str | None = None
    permission: str | None = None
    inputs: Mapping[str, str] | None = None
    base_url: str | None = None
    expires: date | None = None
    sign_in: SignIn | None = None
    owner: str | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A credential before it is saved, the key that was entered, and the credential that it replaces."""

    credential: Credential
    secret: Secret | None = None
    before: Credential | None = None


def make_draft(
    name: str, connector: Vendor, secret: str | None, entry: Entry, before: Credential | None, *, shadows: bool = False
) -> Draft:
    """Check everything that was entered; a UserError says what is wrong, and shows no key.

    A key that `shadows` the one in the keyring for this start keeps to the hosts of that one.
    """
    sign_in = entry.sign_in
    own = sign_in_from_json(before.sign_in) if before and before.sign_in else connector.sign_in
    cleaned = None if secret is None else clean_key(secret, sign_in or own)
    after = Credential(
        uuid=before.uuid if before else str(uuids.uuid4()),
        name=before.name if before else checked_name(name),
        connector=connector.key,
        created_at=before.created_at if before else now_text(),
        kind=_one_of(entry.kind or (before.kind if before else "admin"), _KINDS, "kind"),
        permission=checked_permission(entry.permission or (before.permission if before else "read")),
        sign_in=sign_in_to_json(sign_in) if sign_in else (before.sign_in if before else None),
        inputs=_checked_inputs(connector, entry.inputs) if entry.inputs else (before.inputs if before else {}),
        base_url=_checked_address(entry.base_url) or (before.base_url if before else None),
        expires=entry.expires if entry.expires or cleaned else (before.expires if before else None),
        last_tested_at=before.last_tested_at if before and cleaned is None else None,
        last_used_at=before.last_used_at if before else None,
        state=before.state if before else CredentialState.NO_KEY,
        owner=checked_note(entry.owner, before.owner if before else "", "owner"),
        notes=checked_note(entry.notes, before.notes if before else "", "notes"),
        last_test=before.last_test if before and cleaned is None else None,
    )
    has_new_key = cleaned is not None and not shadows
    return Draft(replace(after, hosts=_bound_hosts(connector, after, before, has_new_key=has_new_key)), cleaned, before)


def checked_name(name: str) -> str:
    """The name without spaces around it, or a sentence."""
    name = name.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise UserError(f"A credential needs a name of 1 to {_LONGEST_NAME} printable characters.")
    return name


def checked_note(entered: str | None, before: str, what: str) -> str:
    """A text for people about a credential. A UserError where it is too long."""
    if entered is None:
        return before
    text = entered.strip()
    if len(text) > _LONGEST_NOTES:
        raise UserError(f"The {what} of a credential take at most {_LONGEST_NOTES:,} characters.")
    return text


def checked_permission(permission: str) -> str:
    """`read` or `act`, or a sentence."""
    return _one_of(permission, _PERMISSIONS, "permission")


def _one_of(value: str, allowed: frozenset[str], what: str) -> str:
    if value not in allowed:
        raise UserError(f"The {what} of a credential is {' or '.join(sorted(allowed))}, not “{value}”.")
    return value


def _checked_inputs(connector: Vendor, inputs: Mapping[str, str]) -> dict[str, str]:
    declared = {known.key: known for known in connector.inputs}
    for key in inputs:
        if key in declared and declared[key].secret:
            raise UserError(
                f"The input {key} is a key itself and is not kept in the open. Make a credential of its own."
            )
    return {key: declared[key].clean(value) if key in declared else value for key, value in inputs.items()}


def _checked_address(base_url: str | None) -> str | None:
    if base_url is None or not base_url.strip():
        return None
    address = base_url.strip().rstrip("/")
    Origin.of(address)
    if "?" in address:
        raise UserError("The address has a part after '?'. Leave it out.")
    return address


def _bound_hosts(
    connector: Vendor, after: Credential, before: Credential | None, *, has_new_key: bool
) -> tuple[str, ...]:
    """The origins that the key may go to: the vendor's own, and the address that was entered together with it."""
    if before is not None and not has_new_key:
        if after.base_url is not None and Origin.of(after.base_url) not in before.origins:
            raise UserError(
                f"“{after.name}” is not bound to {Origin.of(after.base_url).host}. "
                "Enter the key again together with that address.",
                ExitCode.CREDENTIAL,
            )
        return before.hosts
    own = [str(Origin.of(url)) for url in connector.base_urls()]
    entered = [str(Origin.of(after.base_url))] if after.base_url else []
    return tuple(dict.fromkeys([*own, *entered]))
