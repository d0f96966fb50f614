"""The keys of the account, and what each of them may do."""

from base64 import b64encode
from enum import Enum
from hashlib import blake2b


class KeyKind(Enum):
    """The keys of the account: one for everything, one without writing, one for users alone, and so on.

    Without extras, licences and analytics answer 403; without the plan, analytics answers 402; the EU key is for the
    other region.
    """

    FULL = "full"
    READ_ONLY = "read_only"
    NO_EXTRAS = "no_extras"
    NO_PLAN = "no_plan"
    EU = "eu"


def make_key(seed: int, kind: KeyKind) -> str:
    """The key of this kind, the same for the same company."""
    digest = blake2b(f"{seed}/{kind.value}".encode(), digest_size=15, person=b"pagerduty key").digest()
    return b64encode(digest, altchars=b"_-").decode()
