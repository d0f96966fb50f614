"""Talks to one vendor as its connector declares it: tests the key, lists the users, reads one of them."""

import re
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, suppress
from typing import Protocol

from saasdesk.connectors.found import (
    DetailsBegan,
    DetailsRead,
    DetailsUnavailable,
    Feature,
    Found,
    Gone,
    Probe,
    Unsure,
    VendorRecord,
)
from saasdesk.connectors.inputs import Region
from saasdesk.connectors.listing import Listing
from saasdesk.connectors.pages import (
    ForeignPage,
    NotAPage,
    PageAnswer,
    PageOfRows,
    Pages,
    Reading,
    value_at,
)
from saasdesk.connectors.placeholders import fill, placeholders
from saasdesk.connectors.raw import Raw, take_out
from saasdesk.connectors.spec import NOTHING, Check, Connector, Enrichment, LicenceRows
from saasdesk.errors import UserError
from saasdesk.web import Answer, ErrorKind, Origin, VendorError, host_of

Tell = Callable[[object], None]

# A key or a plan without this feature; the rest of the run is none the worse.
_FEATURE_MISSING = frozenset({ErrorKind.PLAN_NEEDED, ErrorKind.FORBIDDEN, ErrorKind.NOT_FOUND})
# The listing would meet these as well: no use in going on without the feature.
_NO_USE_GOING_ON = frozenset(
    {ErrorKind.WRONG_KEY, ErrorKind.TLS, ErrorKind.REDIRECTED, ErrorKind.NO_NETWORK, ErrorKind.RATE_LIMITED}
)

LIST_USERS = "list_users"


class Session(Protocol):
    """What a client needs of `web.VendorSession`; `doing` ends the sentence "The key may not …"."""

    def get(
        self,
        path_or_url: str,
        params: Mapping[str, str] | None = None,
        *,
        doing: str = "",
        path_template: str = "",
        try_again: bool = True,
    ) -> Answer:
        """Ask for something; may be called from several threads."""
        ...  # pragma: no cover - a Protocol

    def send(
        self, method: str, path: str, params: None = None, json: object = None, *, retry: bool = False, doing: str = ""
    ) -> Answer:
        """Send something; `retry` where it changes nothing."""
        ...  # pragma: no cover - a Protocol


# ----- what comes back


class _PartlyRead(Exception):
    """A list that an enrichment needs whole ended early."""


# ----- the client


class VendorClient:
    """One vendor, one key, one run. `unavailable` says per feature why this key does not show it."""

    def __init__(
        self, connector: Connector, session: Session, inputs: Mapping[str, str], tell: Tell | None = None
    ) -> None:
        self.connector = connector
        self.unavailable: dict[str, str] = {}
        self._session = session
        self._inputs = inputs
        self._tell = tell
        self._identity: str | None = None
        self._title = ""
        self._details: list[tuple[Enrichment, Mapping[str, object]]] = []
        self._is_id = re.compile(connector.users.id_pattern).fullmatch

    def identify(self) -> str:
        """The vendor-side organisation behind the key; raises when the key does not work."""
        if self._identity is None:
            self._identity = self._identify(self.connector.key_test.path)
        return self._identity

    def probe(self) -> Probe:
        """Test the key, and what it may do; where it is refused, whether it is one for another region."""
        try:
            identity = self.identify()
        except VendorError as error:
            if error.kind is ErrorKind.WRONG_KEY:
                self._look_in_other_regions(error)
            raise
        values = dict(self._inputs)
        features = tuple(self._try_feature(check, values) for check in self.connector.key_test.checks)
        if not any(feature.key == LIST_USERS for feature in features):
            # Where no check of its own says so, the call that proves the key is the list itself.
            features = (Feature(LIST_USERS, "List users", works=True, advice=""), *features)
        return Probe(self._title or identity, features)

    def list_users(self, limit: int | None = None, *, enrich: bool = True, record_per_row: bool = False) -> "Listing":
        """All users, or the first few; `enrich` adds what the list itself lacks (licences, last activity).

        Where the vendor lists licences, `record_per_row` makes each a record of its own; else each holder is one.
        """
        return Listing(self, limit, enrich=enrich, record_per_row=record_per_row)

    @property
    def can_read_one(self) -> bool:
        """Whether the vendor can be asked for one user."""
        return self.connector.users.one is not None or self.connector.users.licence_rows is not None

    def read_user(self, user_id: str) -> Found | Gone | Unsure:
        """Look at one user: only the vendor's own "not found" means gone."""
        users = self.connector.users
        if users.licence_rows is not None:
            return self._read_holder(user_id, users.licence_rows)
        one = users.one
        if one is None or not self._is_id(user_id):
            return Unsure(f"{self.connector.title} cannot be asked for one {users.noun_for_one} by this id.")
        try:
            path = fill(one.path, {**self._inputs, "id": user_id})
            answer = self._session.get(path, doing=f"read single {users.noun}", path_template=one.path)
            raw = value_at(answer.json(), one.record_path)
        except VendorError as error:
            if error.status is not None and one.gone.fits(error.status, error.json_error):
                return Gone()
            return Unsure(str(error), may_not_read=error.kind is ErrorKind.FORBIDDEN)
        if not isinstance(raw, dict) or value_at(raw, users.id_path) != user_id:
            return Unsure(f"{self.connector.title} answered with somebody else than was asked for.")
        for path in users.never_kept:
            take_out(raw, path)
        return Found(self.finish(user_id, raw))

    def _read_holder(self, holder: str, of: LicenceRows) -> Found | Gone | Unsure:
        """Look for somebody's licences: none at all means that there is no such user any more."""
        title, users = self.connector.title, self.connector.users
        if "@" not in holder:
            return Unsure(f"{title} can be asked for the licences of an e-mail address only.", may_not_read=True)
        params = {name: fill(text, {"id": holder}, quoted=False) for name, text in of.params_of_one.items()}
        reading = Reading(title, users.noun)
        try:
            pages = self.read_pages(self.list_path, users.records_path, users.pages, reading, params=params)
            with closing(pages):
                rows = [row for page in pages for row in page.rows if isinstance(row, dict)]
        except (VendorError, NotAPage) as error:
            kind = error.kind if isinstance(error, VendorError) else None
            return Unsure(str(error), may_not_read=kind is ErrorKind.FORBIDDEN)
        theirs = [row for row in rows if of.holder_of(row) == holder and self.is_id(value_at(row, users.id_path))]
        if theirs:
            return Found(self.finish(holder, of.fold(theirs)))
        if rows or reading.unproven_because is not None or not reading.stated_end:
            return Unsure(f"{title} answered with somebody else than was asked for.")
        return Gone()

    def finish(self, user_id: str, raw: Raw) -> VendorRecord:
        """The record as everybody else sees it: with what the enrichments know of this user."""
        for enrichment, details in self._details:
            name = user_id if enrichment.by is None else enrichment.by(raw)
            known = details.get(name, enrichment.otherwise)
            if known is not NOTHING:
                raw[enrichment.key] = known
        if self.connector.users.after_fetch is not None:
            self.connector.users.after_fetch(raw)
        return VendorRecord(user_id, raw)

    # ----- reading for enrichments (spec.VendorReader)

    def rows(
        self,
        path: str,
        records_path: str,
        pages: Pages,
        *,
        noun: str,
        key: Callable[[Raw], object],
        params: Mapping[str, str] | None = None,
    ) -> Iterator[Raw]:
        """Every row of a paged list; raises when it cannot be read whole."""
        reading = self.begin_reading(noun)
        seen: set[object] = set()
        for page in self.read_pages(path, records_path, pages, reading, params=params):
            if page.number == 1:
                seen.clear()
            before = len(seen)
            for row in page.rows:
                if isinstance(row, dict):
                    seen.add(key(row))
                    yield row
            if not page.is_last and len(seen) == before:
                raise self.same_page(path, reading)
        if reading.unproven_because is not None:
            raise _PartlyRead(reading.unproven_because)

    def query(self, path: str, json: object) -> object:
        """The answer to a POST that changes nothing."""
        return self.ask(path, json).json()

    def ask(self, path: str, json: object) -> Answer:
        """The same with its headers, for a vendor that tells there how to go on."""
        return self._session.send("POST", self._address(path), json=json, retry=True)

    # ----- for the listing

    def read_details(self) -> None:
        """Read the enrichments in bulk; one that this key may not read is noted, and the run goes on without it."""
        self._details.clear()
        self.unavailable.clear()
        for enrichment in self.connector.enrichments:
            self._say(DetailsBegan(enrichment.feature))
            try:
                details = enrichment.read(self)
            except VendorError as error:
                # What only another host of the vendor's refuses, the listing will not meet.
                if error.kind in _NO_USE_GOING_ON and error.host == self._host():
                    raise
                why = self._why_missing(error)
            except (NotAPage, _PartlyRead) as error:
                why = f"{self.connector.title} did not give it whole: {error}"
            else:
                self._details.append((enrichment, details))
                self._say(DetailsRead(enrichment.feature, len(details)))
                continue
            titles = {check.feature: check.title for check in self.connector.key_test.checks}
            reason = f"{titles.get(enrichment.feature, enrichment.feature)}: {why}"
            self.unavailable[enrichment.feature] = reason
            self._say(DetailsUnavailable(enrichment.feature, reason))

    def leave_details_out(self) -> None:
        """Read no enrichment this time; what they would have told is unknown, not empty."""
        self._details.clear()
        self.unavailable = {e.feature: "It was not asked for." for e in self.connector.enrichments}

    def begin_reading(self, noun: str) -> Reading:
        """What a list that is about to be read starts from."""
        addresses = (self.connector.base_url(self._inputs), *self.connector.base_urls())
        return Reading(self.connector.title, noun, origins=frozenset(map(Origin.of, addresses)))

    def read_pages(
        self,
        path: str,
        records_path: str,
        pages: Pages,
        reading: Reading,
        *,
        params: Mapping[str, str] | None = None,
        at_most: int | None = None,
    ) -> Generator[PageOfRows]:
        """The pages of a list, under this run's key and limits."""
        path = self._address(path)

        def ask(page_params: Mapping[str, str]) -> PageAnswer:
            return self._session.get(path, {**(params or {}), **page_params}, doing=f"list {reading.noun}")

        return pages.read(ask, records_path, reading, parallel=self.connector.parallel_pages, at_most=at_most)

    def nonsense(self, path: str, what: str) -> VendorError:
        """The error for an answer that is JSON, but not what the vendor documents."""
        host = self._host()
        sentence = f"The answer from {host} was not understood: {what}. Nothing of it was taken over."
        return VendorError(ErrorKind.NONSENSE, sentence, host=host, method="GET", path=path)

    def same_page(self, path: str, reading: Reading) -> VendorError:
        """The error for a list that goes round in circles."""
        host = self._host()
        where = f"page of {reading.noun} (page {reading.pages:,})"
        sentence = f"{self.connector.title} keeps sending the same {where}. Stopped."
        return VendorError(ErrorKind.NONSENSE, sentence, host=host, method="GET", path=path)

    def foreign(self, path: str, page: ForeignPage) -> VendorError:
        """The error for a list that goes on at an address that is none of the vendor's."""
        sentence = f"{self.connector.title} pointed to {host_of(page.address)}; the key was not sent there."
        return VendorError(ErrorKind.REDIRECTED, sentence, host=self._host(), method="GET", path=path)

    def explained(self, error: VendorError) -> VendorError:
        """The same error, in the words of what was wanted where a general one would leave the admin guessing."""
        title, help_ = self.connector.title, self.connector.help
        # A session that knows the key's last day has said something better already.
        if error.kind is ErrorKind.WRONG_KEY and "expired on" not in str(error):
            # The key is a good one where the vendor complains of its scopes.
            heard = f' It says: "{error.vendor_message}".' if "scope" in error.vendor_message.lower() else ""
            return _with_sentence(error, f"{title} refused the key ({error.status}). {help_.refused_key}{heard}")
        if error.kind is ErrorKind.FORBIDDEN:
            what = self.connector.users.noun
            return _with_sentence(
                error, f"The key may not list {what}. Needed: {help_.role_needed}. Nothing was changed."
            )
        return error

    @property
    def list_path(self) -> str:
        """Where this run's inputs have the users listed."""
        return self.connector.users.path_for(self._inputs)

    def is_id(self, value: object) -> bool:
        """Whether this can be the id of a user at this vendor."""
        return isinstance(value, str) and self._is_id(value) is not None

    # ----- inside

    def _host(self) -> str:
        return Origin.of(self.connector.base_url(self._inputs)).host

    def _address(self, path: str) -> str:
        """Where a path leads: mostly to the base address, for some paths of some vendors to a host beside it."""
        return self.connector.host_for(path, self._inputs) + fill(path, self._inputs)

    def _identify(self, url: str, *, try_again: bool = True) -> str:
        test = self.connector.key_test
        try:
            document = self._session.get(fill(url, self._inputs), test.params, try_again=try_again).json()
        except VendorError as error:
            if test.not_yours and error.kind in {ErrorKind.FORBIDDEN, ErrorKind.NOT_FOUND}:
                sentence = fill(test.not_yours, self._inputs, quoted=False)
                raise _with_sentence(error, f"{sentence} ({error.status})", ErrorKind.FORBIDDEN) from None
            raise self.explained(error) from None
        identity = test.identity_of(document)
        if identity is None:
            raise self.nonsense(test.path, "it is not what this address should give")
        self._title = (test.title_of(document) if test.title_of is not None else None) or ""
        return identity

    def _look_in_other_regions(self, refusal: VendorError) -> None:
        here = Origin.of(self.connector.base_url(self._inputs))
        if here not in {Origin.of(region.base_url) for region in self.connector.regions}:
            # An address of the admin's own, a simulator's for one: its key is no business of the vendor's.
            return
        for region in self.connector.regions:
            # A session refuses addresses that its key is not bound to, so nothing leaves for a foreign one.
            if Origin.of(region.base_url) != here and self._opens(region):
                raise _with_sentence(
                    refusal,
                    f"{self.connector.title} refused the key here ({refusal.status}), but it opens the {region.name} "
                    f"region. Set the address to {region.base_url}.",
                ) from None

    def _opens(self, region: Region) -> bool:
        with suppress(UserError):
            self._identify(region.base_url.rstrip("/") + self.connector.key_test.path, try_again=False)
            return True
        return False

    def _try_feature(self, check: Check, values: dict[str, str]) -> Feature:
        """Whether the key may use a feature; what one check learns goes into `values` for the next."""
        if not check.path:
            return Feature(check.feature, check.title, works=None, advice=check.advice)
        template = self.list_path if check.path == self.connector.users.path else check.path
        if not all(values.get(name) for name in placeholders(template)):
            return Feature(check.feature, check.title, works=None, advice="There was nobody to try it with.")
        path = self.connector.host_for(template, self._inputs) + fill(template, values)
        try:
            if check.method == "GET":
                document = self._session.get(path, check.params).json()
            else:
                document = self._session.send("POST", path, json=check.json, retry=True).json()
        except VendorError as error:
            if error.kind is ErrorKind.WRONG_KEY:
                # The key was proven before: what it lacks is the scope.
                advice = f"The key lacks the scope for it ({error.status}). {check.advice}"
                return Feature(check.feature, check.title, works=False, advice=advice)
            if error.kind in _FEATURE_MISSING:
                advice = f"{self._why_missing(error)} {check.advice}"
                return Feature(check.feature, check.title, works=False, advice=advice)
            return Feature(check.feature, check.title, works=None, advice=str(error))
        if check.tells is not None:
            values.update(check.tells(document))
        return Feature(check.feature, check.title, works=True, advice="")

    def _why_missing(self, error: VendorError) -> str:
        match error.kind:
            case ErrorKind.PLAN_NEEDED:
                return f"{self.connector.title} says that the plan does not include it (402)."
            case ErrorKind.FORBIDDEN:
                return "The key may not read it (403)."
            case ErrorKind.NOT_FOUND:
                return f"{self.connector.title} does not offer it to this key (404)."
            case _:
                return str(error)

    def _say(self, news: object) -> None:
        if self._tell is not None:
            self._tell(news)


def _with_sentence(error: VendorError, sentence: str, kind: ErrorKind | None = None) -> VendorError:
    return VendorError(
        kind or error.kind,
        sentence,
        host=error.host,
        method=error.method,
        path=error.path,
        status=error.status,
        request_id=error.request_id,
        vendor_message=error.vendor_message,
        json_error=error.json_error,
        maybe_sent=error.maybe_sent,
        wait_seconds=error.wait_seconds,
        until=error.until,
        tries=error.tries,
    )
