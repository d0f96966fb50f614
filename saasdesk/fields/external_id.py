"""The External ID: the one name of a field in files, templates, SQL and exports, made from its label once."""

import re
import unicodedata
from collections.abc import Collection

_LOWER_THEN_UPPER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# "License IDs" are no "I Ds".
_ACRONYM_THEN_WORD = re.compile(r"(?<=[A-Z])(?=[A-Z](?!s\b)[a-z])")
_NOT_ALLOWED = re.compile(r"[^a-z0-9]+")
_LONGEST = 60

# Letters that no decomposition turns into Latin ones; the apostrophes of "user's" separate nothing.
_SPELLED = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
        "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "\u0131": "i", "'": "", "\u2019": "",
    }
)  # fmt: skip

# How names were misspelt where admins copied them from; they mean the right one, and no field gets them.
_OLD_SPELLINGS = {"jjump_cloud_user_id": "jump_cloud_user_id"}

_COLUMNS_OF_EVERY_RECORD = (
    "id", "owner_integration", "created_by", "created_at", "updated_at", "deactivated", "deactivated_at",
    "deactivated_reason", "deactivated_session", "archived", "licence_key", "saas_user", "saas_application", "person",
    "rowid", "oid",
)  # fmt: skip
_COLUMNS_OF_LISTS = ("record_state", "accounts", "fed_by")
_WORDS_OF_TEMPLATES = (
    "response", "response_headers", "true", "false", "none", "and", "or", "not", "if", "else", "is", "in", "self",
    "super", "loop", "caller",
)  # fmt: skip
RESERVED = frozenset({*_COLUMNS_OF_EVERY_RECORD, *_COLUMNS_OF_LISTS, *_WORDS_OF_TEMPLATES, *_OLD_SPELLINGS})


def external_id(label: str, taken: Collection[str] = ()) -> str:
    """The External ID for a label: split at spaces and inner capitals, "JumpCloud User Id" → jump_cloud_user_id.

    Accents go, "Größe" → grosse. A name that is taken or reserved gets a number. Once made it is never changed.
    """
    name = _plain(label)
    blocked = {word.casefold() for word in taken} | RESERVED
    candidate, number = name, 2
    while candidate in blocked:
        candidate, number = f"{name}_{number}", number + 1
    return candidate


def canonical_id(name: str) -> str:
    """The External ID that is meant by a name, which may be an old spelling."""
    return _OLD_SPELLINGS.get(name, name)


def _plain(label: str) -> str:
    decomposed = unicodedata.normalize("NFKD", label.translate(_SPELLED))
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    # "SaaS" is one word, whatever its capitals say.
    words = _ACRONYM_THEN_WORD.sub("_", _LOWER_THEN_UPPER.sub("_", letters.replace("SaaS", "Saas")))
    plain = _NOT_ALLOWED.sub("_", words.lower()).strip("_")[:_LONGEST].strip("_")
    return plain if plain and plain[0].isalpha() else f"field_{plain}".rstrip("_")
