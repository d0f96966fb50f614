"""A vendor's door: everything that is sent to a vendor goes through one VendorSession, with its limits and promises.

The key goes only to the origins it is bound to; nothing runs longer than its deadline; Cancel acts within two seconds;
reading is tried again where that helps, and a call that changes something is sent once.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlencode, urljoin, urlsplit

import orjson

from saasdesk import __version__
from saasdesk.errors import Cancelled, ExitCode, UserError
from saasdesk.web.answer import Answer, parse_json
from saasdesk.web.budget import Budget
from saasdesk.web.errors import CancelledMidway, ErrorKind, VendorError, plain_text, vendor_says
from saasdesk.web.flight import CutOff, Flight
from saasdesk.web.limits import Limits
from saasdesk.web.origin import Origin, host_of, refuse_climbing_path
from saasdesk.web.redaction import REDACTOR
from saasdesk.web.schemes import Basic, SignIn
from saasdesk.web.secret import Secret
from saasdesk.web.waiting import WORTH_TELLING_SECONDS, Waiting, asked_wait, back_off

if TYPE_CHECKING:
    from saasdesk.web.transport import Outgoing, RawAnswer, TransportFailure

Params = Mapping[str, object] | Iterable[tuple[str, object]]

_log = logging.getLogger(__name__)

_WORTH_ANOTHER_TRY = frozenset({408, 429, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REQUEST_ID_HEADERS = ("X-Request-Id", "Request-Id", "Atl-TraceId", "X-Amzn-RequestId")


@dataclass(frozen=True, slots=True)
class _Call:
    """One call as it was asked for; `path` is what people may read of its address."""

    outgoing: "Outgoing"
    path: str
    is_repeatable: bool
    accept_statuses: frozenset[int]
    doing: str
    tries_again: bool = True


@dataclass(frozen=True, slots=True)
class _Trouble:
    """A try that gave no usable answer: the error to end with, and whether another try may help."""

    error: VendorError
    may_retry: bool = False
    asked_seconds: float | None = None


class VendorSession:
    """Calls to one vendor with one key; up to four threads may use it at a time.

    `advice` replaces the general second sentence of an error by what the connector knows of its vendor; without
    `may_change` whatever would change something is refused before it is sent.
    """

    def __init__(
        self,
        origins: frozenset[Origin],
        base_url: str,
        sign_in: SignIn,
        secret: Secret | None,
        budget: Budget,
        stop: threading.Event,
        *,
        headers: Mapping[str, str] | None = None,
        extra_ca: Path | None = None,
        proxy: str | None = None,
        tell: Callable[[object], None] | None = None,
        limits: Limits | None = None,
        vendor: str = "",
        advice: Mapping[ErrorKind, str] | None = None,
        may_change: bool = True,
    ) -> None:
        from saasdesk.web.transport import Transport

        self._origin = Origin.of(base_url)
        if self._origin not in origins:
            raise UserError(
                f"{self._origin.host} is not a host this credential may be used with. "
                "Enter the key again together with that address.",
                ExitCode.CREDENTIAL,
            )
        refuse_climbing_path(urlsplit(base_url).path)
        if urlsplit(base_url).query:
            raise UserError(f"The address of {self._origin.host} has a part after '?'. Leave it out.")
        self._base_path = urlsplit(base_url).path.rstrip("/")
        self._origins = origins
        self._auth = None
        if secret is not None:
            _refuse_unsendable(secret)
            REDACTOR.add(secret)
            if isinstance(sign_in, Basic):
                REDACTOR.add(secret.reveal().partition(":")[2])
            self._auth = sign_in.auth(secret)
        self._headers = {
            "User-Agent": f"saasdesk/{__version__}",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            **_sendable(headers or {}),
        }
        self._budget = budget
        self._stop = stop
        self._tell = tell
        self._limits = limits or Limits()
        self._vendor = vendor or self._origin.host
        self._advice = advice or {}
        self._may_change = may_change
        # Without a key to bind it to hosts, a session is bound to the open internet.
        self._transport = Transport(
            origins, self._limits, extra_ca=extra_ca, proxy=proxy, must_be_public=secret is None
        )

    def get(
        self,
        path_or_url: str,
        params: Params | None = None,
        *,
        accept_statuses: Iterable[int] = (),
        headers: Mapping[str, str] | None = None,
        doing: str = "",
        path_template: str = "",
        try_again: bool = True,
    ) -> Answer:
        """Read something, trying again where that may help, unless a quick answer is worth more.

        `doing` ends the sentence "The key may not …"; `path_template` is shown instead of a path that holds ids.
        """
        outgoing = self._outgoing("GET", path_or_url, params, headers, None)
        path = path_template or outgoing.target.partition("?")[0]
        statuses = frozenset(accept_statuses)
        return self._carry_out(
            _Call(outgoing, path, is_repeatable=True, accept_statuses=statuses, doing=doing, tries_again=try_again)
        )

    def send(
        self,
        method: str,
        path: str,
        params: Params | None = None,
        json: object = None,
        retry: bool = False,
        *,
        accept_statuses: Iterable[int] = (),
        headers: Mapping[str, str] | None = None,
        doing: str = "",
        path_template: str = "",
    ) -> Answer:
        """Send a call once; with `retry` it only reads, whatever its method, and is tried again like a GET."""
        if not (retry or self._may_change):
            raise UserError(
                f"The credential for {self._vendor} may only read. Nothing was sent; "
                "use one that may act, or allow it to this one.",
                ExitCode.CREDENTIAL,
            )
        body = None if json is None else orjson.dumps(json)
        outgoing = self._outgoing(method.upper(), path, params, headers, body)
        shown_path = path_template or outgoing.target.partition("?")[0]
        return self._carry_out(
            _Call(outgoing, shown_path, is_repeatable=retry, accept_statuses=frozenset(accept_statuses), doing=doing)
        )

    def close(self) -> None:
        """Hang up; the session is not used again."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _outgoing(
        self,
        method: str,
        path_or_url: str,
        params: Params | None,
        headers: Mapping[str, str] | None,
        body: bytes | None,
    ) -> "Outgoing":
        from saasdesk.web.transport import Outgoing

        origin, target = self._place(path_or_url, method)
        query = _query(params)
        if query:
            target = f"{target}{'&' if '?' in target else '?'}{query}"
        all_headers = self._headers
        if headers or body is not None:
            content_type = {} if body is None else {"Content-Type": "application/json"}
            all_headers = all_headers | content_type | _sendable(headers or {})
        return Outgoing(origin, method, target, all_headers, body)

    def _place(self, path_or_url: str, method: str) -> tuple[Origin, str]:
        """Where an address leads; anywhere but a bound origin is refused before anything is sent."""
        if path_or_url.startswith("/"):
            refuse_climbing_path(path_or_url)
            return self._origin, _plain_target(self._base_path + path_or_url)
        origin = None
        try:
            origin = Origin.of(path_or_url)
        except UserError:
            if "://" not in path_or_url:
                raise
        if origin not in self._origins or origin is None:
            raise self._error(
                ErrorKind.REDIRECTED,
                f"{self._vendor} pointed to {host_of(path_or_url)}; the key was not sent there.",
                method=method,
                maybe_sent=False,
            )
        parts = urlsplit(path_or_url)
        refuse_climbing_path(parts.path)
        return origin, _plain_target((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))

    def _carry_out(self, call: _Call) -> Answer:
        most_tries = self._limits.tries if call.is_repeatable and call.tries_again else 1
        tries = 0
        while True:
            tries += 1
            outcome = self._follow(call)
            if isinstance(outcome, Answer):
                return outcome
            trouble = outcome
            error = trouble.error
            if trouble.asked_seconds is not None:
                error.wait_seconds = trouble.asked_seconds
                error.until = datetime.now(UTC) + timedelta(seconds=trouble.asked_seconds)
            if not (trouble.may_retry and tries < most_tries):
                break
            seconds = trouble.asked_seconds
            if seconds is None:
                pauses = self._limits.back_off_seconds
                seconds = back_off(pauses[min(tries, len(pauses)) - 1])
            elif seconds > self._limits.longest_wait_seconds:
                break
            if error.kind is ErrorKind.RATE_LIMITED:
                self._budget.pause(seconds)
            self._wait(call, seconds, error)
        error.tries = tries
        # Raised outside of every except block: nothing that held the request hangs on to it.
        raise self._final(error)

    def _wait(self, call: _Call, seconds: float, error: VendorError) -> None:
        reason = "rate limit" if error.kind is ErrorKind.RATE_LIMITED else "trying again after an error"
        self._tell_of_wait(call, seconds, reason)
        if self._stop.wait(seconds):
            raise Cancelled

    def _tell_of_wait(self, call: _Call, seconds: float, reason: str) -> None:
        if self._tell is not None and seconds > WORTH_TELLING_SECONDS:
            until = datetime.now(UTC) + timedelta(seconds=seconds)
            self._tell(Waiting(call.outgoing.origin.host, seconds, until, reason))

    def _follow(self, call: _Call) -> Answer | _Trouble:
        """One try, with the redirects that stay on the same scheme, host and port."""
        outgoing = call.outgoing
        for _ in range(self._limits.redirects + 1):
            self._budget.take(self._stop, lambda seconds: self._tell_of_wait(call, seconds, "rate limit"))
            outcome = self._exchange(call, outgoing)
            if isinstance(outcome, _Trouble):
                return outcome
            answer = outcome
            location = answer.headers.get("Location", "")
            if answer.status not in _REDIRECTS or answer.status in call.accept_statuses:
                return self._judge(call, answer)
            next_target = _same_origin_target(outgoing, location)
            if outgoing.method != "GET" or next_target is None:
                return _Trouble(
                    self._error(
                        ErrorKind.REDIRECTED,
                        f"{self._vendor} redirected to {host_of(_address(outgoing, location))}. "
                        "For safety the key was not sent there.",
                        call=call,
                        status=answer.status,
                    )
                )
            outgoing = replace(outgoing, target=next_target)
        return _Trouble(
            self._error(
                ErrorKind.REDIRECTED,
                f"{self._vendor} redirected more than {self._limits.redirects} times. Stopped; check the address.",
                call=call,
            )
        )

    def _exchange(self, call: _Call, outgoing: "Outgoing") -> Answer | _Trouble:
        from saasdesk.web.transport import TransportFailure

        flight = Flight(self._stop, self._limits.total_seconds)
        failure: TransportFailure | None = None
        raw: RawAnswer | None = None
        try:
            raw = self._transport.exchange(flight, outgoing, self._auth)
        except CutOff:
            pass
        except TransportFailure as error:
            failure = error
        if failure is not None:
            return self._trouble_on_the_way(call, failure, maybe_sent=flight.may_have_left)
        if raw is None:
            raise CancelledMidway if flight.may_have_left and not call.is_repeatable else Cancelled
        host = outgoing.origin.host
        _log.debug("%s %s%s: %d, %d bytes", outgoing.method, host, call.path, raw.status, len(raw.body))
        answer = Answer(
            raw.status,
            raw.headers,
            raw.body,
            host,
            _request_id(raw.headers),
            outgoing.method,
            call.path,
            self._limits,
        )
        if call.is_repeatable and not raw.has_length and _looks_cut(answer):
            return self._trouble_on_the_way(call, _cut_without_notice(host), maybe_sent=True)
        return answer

    def _trouble_on_the_way(self, call: _Call, failure: "TransportFailure", *, maybe_sent: bool) -> _Trouble:
        error = self._error(failure.kind, failure.sentence, call=call, maybe_sent=maybe_sent)
        return _Trouble(error, failure.may_retry)

    def _judge(self, call: _Call, answer: Answer) -> Answer | _Trouble:
        """Tell an answer from a refusal."""
        status = answer.status
        if status < 300 or status in call.accept_statuses:
            self._budget.learn(answer.headers)
            return answer
        document = _error_document(answer)
        said = vendor_says(document)
        kind, sentence = self._refusal(call, answer, said)
        error = self._error(
            kind,
            sentence,
            call=call,
            status=status,
            request_id=answer.request_id,
            vendor_message=said,
            json_error=document,
        )
        may_retry = status in _WORTH_ANOTHER_TRY
        asked_seconds = asked_wait(answer.headers, datetime.now(UTC)) if may_retry else None
        return _Trouble(error, may_retry, asked_seconds)

    def _refusal(self, call: _Call, answer: Answer, said: str) -> tuple[ErrorKind, str]:
        vendor, status = self._vendor, answer.status
        match status:
            case 401:
                return self._advised(
                    ErrorKind.WRONG_KEY, f"{vendor} refused the key (401).", "It may be wrong or expired.", said
                )
            case 408:
                return ErrorKind.TIMEOUT, f"{vendor} gave up waiting for the request (408). Try again later."
            case 407:
                return ErrorKind.NO_NETWORK, "The proxy asks for a name and password (407). Check it in Settings."
            case 429:
                return (
                    ErrorKind.RATE_LIMITED,
                    f"{vendor} refuses because it was asked too often (429). Try again later.",
                )
            case _ if status >= 500:
                return ErrorKind.VENDOR_DOWN, f"{vendor} answered with an error of its own ({status}). Try again later."
            case _ if answer.is_web_page or (status in {404, 410} and not answer.is_json) or status < 400:
                unexpected = answer.unexpected()
                return unexpected.kind, str(unexpected)
            case 402:
                return self._advised(
                    ErrorKind.PLAN_NEEDED,
                    f"The plan at {vendor} does not include this (402).",
                    "Ask whoever manages the contract.",
                    said,
                )
            case 403:
                return self._advised(
                    ErrorKind.FORBIDDEN,
                    f"The key may not {call.doing or 'do this'} ({vendor} answered 403).",
                    "Give its owner the right, or use another key.",
                    said,
                )
            case 404 | 410:
                # A path with an id is only known by its template, which says nothing to whoever reads it.
                what = "anything by this id" if "{{" in call.path else call.path
                return self._advised(
                    ErrorKind.NOT_FOUND, f"{vendor} does not know {what} ({status}).", "Check the id.", said
                )
            case _:
                return self._advised(
                    ErrorKind.REFUSED,
                    f"{vendor} refused the request ({status}).",
                    "" if said else "It gave no reason.",
                    said,
                )

    def _advised(self, kind: ErrorKind, what: str, next_step: str, said: str) -> tuple[ErrorKind, str]:
        advice = self._advice.get(kind, next_step)
        # A vendor's own words help where it refuses for a reason of its own; beside "wrong key" they only repeat it,
        # unless the key is a good one that lacks a scope.
        heard = f'It says: "{said}".' if said and (kind is not ErrorKind.WRONG_KEY or "scope" in said.lower()) else ""
        return kind, " ".join(part for part in (what, advice, heard) if part)

    def _final(self, error: VendorError) -> VendorError:
        """The sentence for people once no further try follows."""
        sentence = str(error)
        if error.until is not None and (error.wait_seconds or 0) > self._limits.longest_wait_seconds:
            sentence = f"{self._vendor} asks to wait until {_local_time(error.until)}. Run again then."
        elif error.tries > 1:
            sentence = f"{sentence} Tried {error.tries} times."
        error.args = (sentence,)
        return error

    def _error(
        self,
        kind: ErrorKind,
        sentence: str,
        *,
        call: _Call | None = None,
        method: str = "",
        status: int | None = None,
        request_id: str = "",
        vendor_message: str = "",
        json_error: object = None,
        maybe_sent: bool = True,
    ) -> VendorError:
        return VendorError(
            kind,
            sentence,
            host=call.outgoing.origin.host if call else self._origin.host,
            method=call.outgoing.method if call else method,
            path=call.path if call else "",
            status=status,
            request_id=request_id,
            vendor_message=vendor_message,
            json_error=json_error,
            maybe_sent=maybe_sent,
        )


def _query(params: Params | None) -> str:
    if not params:
        return ""
    pairs = params.items() if isinstance(params, Mapping) else params
    return urlencode([(name, text) for name, value in pairs for text in _query_texts(value)])


def _query_texts(value: object) -> list[str]:
    match value:
        case None:
            return []
        case bool():
            # Python's "True" is refused by vendors that want true.
            return ["true" if value else "false"]
        case list() | tuple():
            return [text for item in value for text in _query_texts(item)]
        case _:
            return [str(value)]


def _plain_target(target: str) -> str:
    if "#" in target or any(character <= " " or character in "\\\x7f" for character in target):
        raise UserError("The path of the request holds a space, '#', or a character that cannot stand there.")
    return target


def _address(outgoing: "Outgoing", location: str) -> str:
    """Where a redirect leads, seen from where it was met."""
    try:
        return urljoin(f"{outgoing.origin}{outgoing.target}", location)
    except ValueError:
        return location


def _same_origin_target(outgoing: "Outgoing", location: str) -> str | None:
    """The path that a redirect leads to, if it stays where it is."""
    address = _address(outgoing, location)
    try:
        if not location or Origin.of(address) != outgoing.origin:
            return None
        parts = urlsplit(address)
        refuse_climbing_path(parts.path)
    except UserError:
        return None
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _refuse_unsendable(secret: Secret) -> None:
    # Checked here because an encoding error raised later would carry the key in its text.
    text = secret.reveal()
    if not (text.isascii() and text.isprintable() and text):
        raise UserError(
            "The key holds a character that cannot be sent, such as a line end. Enter it again.", ExitCode.CREDENTIAL
        )


def _sendable(headers: Mapping[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if not (value.isascii() and (value.isprintable() or not value)) or value != value.strip():
            raise UserError(f"The value of the header {name} holds a character that cannot be sent. Enter it again.")
    return dict(headers)


def _request_id(headers: Mapping[str, str]) -> str:
    return next((plain_text(headers[name], 100) for name in _REQUEST_ID_HEADERS if name in headers), "")


def _looks_cut(answer: Answer) -> bool:
    """Whether an answer that announced no length ended too early: half a document, or nothing but a first line."""
    if answer.status >= 300 or answer.status == 204:
        return False
    return not answer.body or (answer.is_json and not parse_json(answer.body)[1])


def _cut_without_notice(host: str) -> "TransportFailure":
    from saasdesk.web.transport import TransportFailure

    return TransportFailure(
        ErrorKind.NO_NETWORK,
        f"The connection to {host} was cut before its answer was complete. Check the network and try again.",
        may_retry=True,
    )


def _error_document(answer: Answer) -> object:
    if not answer.is_json:
        return None
    return parse_json(REDACTOR.redact(answer.body.decode("utf-8", "replace")).encode())[0]


def _local_time(moment: datetime) -> str:
    local = moment.astimezone()
    is_today = local.date() == datetime.now(UTC).astimezone().date()
    return local.strftime("%H:%M" if is_today else "%Y-%m-%d %H:%M")
