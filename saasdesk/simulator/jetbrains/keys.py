"""The keys of the company, and what each of them may do."""

from enum import Enum
from hashlib import blake2b


class KeyKind(Enum):
    """Keys are as good as their owner: an organisation's admin, somebody who may only look, the admin of one team."""

    FULL = "full"
    READ_ONLY = "read_only"
    TEAM = "team"


def make_key(seed: int, name: str, kind: KeyKind) -> str:
    """The key of this kind, the same for the same company."""
    digest = blake2b(f"{seed}/{name}/{kind.value}".encode(), digest_size=18, person=b"jetbrains key").hexdigest()
    return digest[:25]
