"""The keys of an organisation, and what each of them may do."""

from base64 import b64encode
from enum import Enum
from hashlib import blake2b

from saasdesk.simulator.atlassian.organisations import Organisation


class KeyKind(Enum):
    """The keys of an organisation: one without scopes, two with some, one that is too old, and the directory's own.

    Scoped keys are refused by all of user management, and by whatever changes something in the organisation.
    """

    FULL = "full"
    SCOPED = "scoped"
    ACCOUNTS_ONLY = "accounts_only"
    EXPIRED = "expired"
    DIRECTORY = "directory"


def make_key(seed: int, organisation: Organisation, kind: KeyKind) -> str:
    """The key of this kind, the same for the same company."""
    text = f"{seed}/{organisation.name}/{kind.value}"
    digest = blake2b(text.encode(), digest_size=42, person=b"atlassian key").digest()
    return "ATCTT3xFfGN0" + b64encode(digest, altchars=b"_-").decode()
