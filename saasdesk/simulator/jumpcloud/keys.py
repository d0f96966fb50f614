"""The keys of administrators, and what each of them may do."""

from enum import Enum
from hashlib import blake2b


class KeyKind(Enum):
    """Administrators' keys: one that may do everything, one without writing and without the list of administrators, a
    command runner's, which may not see the log, and one for many organisations, which has to say which one it means.
    """

    FULL = "full"
    READ_ONLY = "read_only"
    COMMAND_RUNNER = "command_runner"
    MANY_ORGANIZATIONS = "many_organizations"


def make_key(seed: int, kind: KeyKind) -> str:
    """The key of this kind, the same for the same company."""
    return blake2b(f"{seed}/{kind.value}".encode(), digest_size=20, person=b"jumpcloud key").hexdigest()
