"""What two fields are called, and how much alike that is: words, their synonyms and abbreviations."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import JaroWinkler

# What is written as several words and means one.
_PHRASES = {
    "firstname": ("first name", "given name", "name first", "nm first", "first nm", "fore name", "given", "forename"),
    "lastname": ("last name", "family name", "name last", "nm last", "last nm", "surname", "sur name", "family"),
    "email": ("e mail address", "email address", "mail address", "e mail", "electronic mail", "mail"),
    "username": ("user name", "login name", "logon name", "account name", "user login", "login", "logon"),
    "jobtitle": ("job title", "job role", "position title", "business title", "position", "occupation"),
    "employeeid": (
        "employee id", "employee number", "employee no", "employee identifier", "staff number", "staff id",
        "personnel number", "personnel id", "worker id", "employee code",
    ),
    "manager": ("reports to", "line manager", "supervisor", "boss"),
    "department": ("org unit", "organizational unit", "division"),
    "phone": (
        "phone number", "phone no", "telephone no", "mobile no", "telephone number", "mobile number", "telephone",
        "mobile", "cell",
    ),
    "location": ("office location", "work location", "office", "site"),
    "timezone": ("time zone",),
    "lastactive": ("last active", "last activity", "last login", "last sign in", "last seen", "last used"),
    "displayname": ("display name", "full name", "common name"),
}  # fmt: skip

_SHORT = {
    "usr": "user", "acct": "account", "emp": "employee", "empl": "employee", "mgr": "manager", "dept": "department",
    "dep": "department", "loc": "location", "tel": "telephone", "ttl": "title", "pos": "position", "num": "number",
    "nr": "number", "addr": "address", "frst": "first", "fst": "first", "lst": "last", "fname": "firstname",
    "lname": "lastname", "nm": "name", "guid": "id", "uuid": "id", "uid": "id", "identifier": "id", "ident": "id",
    "ids": "id", "names": "name", "tz": "timezone", "lic": "licence", "license": "licence", "licenses": "licence",
    "licences": "licence", "emails": "email", "org": "organization", "organisation": "organization", "sts": "status",
    "stat": "status", "state": "status", "apps": "application", "app": "application", "applications": "application",
    "desc": "description", "descr": "description", "prod": "product",
}  # fmt: skip

# Words that say little about what a field holds: leaving one out changes it little.
_FAINT = frozenset(
    {"user", "person", "account", "profile", "contact", "member", "assignee", "work", "primary", "business", "current",
     "value", "address", "data", "info", "the", "of", "saas", "s"}
)  # fmt: skip
# Words that say nothing at all: a field called so has no name.
_EMPTY = frozenset(
    {"fld", "field", "attr", "attribute", "custom", "col", "column", "prop", "property", "x", "cf", "var"}
)
_FAINT_WEIGHT = 0.15
# One of them may also mean something else: "Title" is "Ms" as often as "Engineer".
_NEARLY = {frozenset(("displayname", "name")): 0.9, frozenset(("title", "jobtitle")): 0.8}
_SAME_WORD = 0.93

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NO_LETTER = re.compile(r"[^a-z]+")


@dataclass(frozen=True, slots=True)
class FieldName:
    """A label taken apart; `words` has each telling word with its weight."""

    text: str
    words: frozenset[str]
    faint: frozenset[str]

    @property
    def is_telling(self) -> bool:
        """Whether it says anything; “Field 7” does not."""
        return bool(self.words or self.faint)

    def likeness(self, other: "FieldName") -> float | None:
        """How much alike two names are, from 0 to 1; None where one of them says nothing."""
        if not (self.is_telling and other.is_telling):
            return None
        if self.text == other.text:
            return 1.0
        if self.words and self.words == other.words and self.faint <= other.faint | self.faint:
            difference = len(self.faint ^ other.faint)
            return 1.0 if difference == 0 else 1.0 - 0.05 * min(difference, 2)
        return _overlap(self, other)


def _overlap(one: FieldName, other: FieldName) -> float:
    shared = sum(max((_alike(word, theirs) for theirs in other.words), default=0.0) for word in one.words)
    shared_faint = _FAINT_WEIGHT * len(one.faint & other.faint)
    mine = len(one.words) + _FAINT_WEIGHT * len(one.faint)
    theirs = len(other.words) + _FAINT_WEIGHT * len(other.faint)
    return 2 * (shared + shared_faint) / (mine + theirs)


@cache
def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    known = _NEARLY.get(frozenset((one, other)))
    if known is not None:
        return known
    likeness = JaroWinkler.similarity(one, other)
    # Short words that look alike are different words: "state" and "date".
    return likeness if likeness >= _SAME_WORD and min(len(one), len(other)) > 4 else 0.0


@cache
def field_name(label: str, without: str = "") -> FieldName:
    """Take a label apart; the words of `without`, a vendor's name, are left out."""
    words = [_SHORT.get(word, word) for word in _words(label)]
    own = set(_words(without)) | {squeezed(without)}
    text = f" {' '.join(word for word in words if word not in own)} "
    for meaning, phrases in _PHRASES.items():
        for phrase in phrases:
            text = text.replace(f" {phrase} ", f" {meaning} ")
    found = [word for word in text.split() if word not in _EMPTY]
    return FieldName(
        text=" ".join(found),
        words=frozenset(word for word in found if word not in _FAINT),
        faint=frozenset(word for word in found if word in _FAINT),
    )


def squeezed(label: str) -> str:
    """A label as one word in small letters, to compare names of vendors."""
    return "".join(_words(label))


def _words(label: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", label.replace("SaaS", "Saas").replace("JumpCloud", "Jumpcloud"))
    apart = _HUMP.sub(" ", plain).lower()
    return _NO_LETTER.sub(" ", apart).split()
