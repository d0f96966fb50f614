"""What is written anywhere holds no secret, in whatever shape it got there."""

import base64
import json
import logging
import sys
import threading
from io import StringIO
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saasdesk.web import Redactor, Secret
from saasdesk.web.redaction import RedactingFormatter, format_error, install, protect

SECRET = 'p4ss "quoted"\\slash/plus+and=ümlaut'


@pytest.fixture
def redactor() -> Redactor:
    redactor = Redactor()
    redactor.add(Secret(SECRET))
    return redactor


@pytest.mark.parametrize(
    "shape",
    [
        SECRET,
        repr(SECRET)[1:-1],
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET)[1:-1].replace("/", "\\/"),
        quote(SECRET, safe=""),
        quote(SECRET),
        quote_plus(SECRET),
        quote(SECRET, safe="").lower().replace("%c3%bc", "%c3%bc"),
        base64.b64encode(SECRET.encode()).decode(),
        base64.urlsafe_b64encode(SECRET.encode()).decode(),
    ],
)
def test_p07_every_shape_of_a_live_secret_is_taken_out(redactor, shape):
    text = redactor.redact(f"before {shape} after")

    assert shape not in text
    assert text.startswith("before ")


@pytest.mark.parametrize("name", ["a", "an", "ana", "ana.ruiz@example.com"])
def test_p07_a_secret_inside_basic_auth_is_taken_out_wherever_it_begins(name):
    redactor = Redactor()
    redactor.add(Secret("quite-a-long-token-123"))
    encoded = base64.b64encode(f"{name}:quite-a-long-token-123".encode()).decode()

    shown = redactor.redact(f"seen {encoded}").removeprefix("seen ")

    assert "<secret>" in shown
    assert len(shown.replace("<secret>", "")) <= len(base64.b64encode(name.encode())) + 4


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), min_size=8, max_size=40))
def test_p07_no_printable_key_survives_redaction(key):
    redactor = Redactor()
    redactor.add(key)

    assert key not in redactor.redact(f"line with {key} and {json.dumps({'k': key})}").replace("<secret>", "")


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Token token=unknown-key",
        "{'x-api-key': 'unknown-key', 'Accept': 'json'}",
        '{"X-Customer-Code": "unknown-key"}',
        "Set-Cookie: session=unknown-key; Path=/",
        "x-auth-token=unknown-key",
        "GET /users?api_key=unknown-key HTTP/1.1",
        "https://api.example.com/a?x=1&key=unknown-key",
    ],
)
def test_p07_headers_and_queries_lose_their_values_even_if_the_key_is_unknown(text):
    shown = Redactor().redact(text)

    assert "unknown-key" not in shown
    assert "<secret>" in shown


def test_that_ordinary_sentences_are_left_alone():
    sentence = "PagerDuty refused the key (401). Is it for the other region? 3/4 users, path /users/P1."

    assert Redactor().redact(sentence) == sentence


def test_that_a_very_short_text_does_not_hide_words():
    redactor = Redactor()
    redactor.add("abc")

    assert redactor.redact("the abc of it") == "the abc of it"


def test_that_a_bundle_scan_finds_a_live_secret(redactor):
    assert redactor.finds_secret(f"… {quote(SECRET)} …")
    assert not redactor.finds_secret("nothing here")


def test_p07_a_log_line_loses_the_key_from_message_arguments_and_traceback(redactor):
    stream = StringIO()
    handler = protect(logging.StreamHandler(stream), redactor)
    logger = logging.getLogger("test-redaction")
    logger.addHandler(handler)

    try:
        int(SECRET)
    except ValueError:
        logger.exception("with %s and %r", SECRET, {"k": SECRET})
    logger.removeHandler(handler)

    assert "p4ss" not in stream.getvalue()
    assert "ValueError" in stream.getvalue()


def test_that_a_handler_is_protected_once(redactor):
    handler = protect(protect(logging.StreamHandler(StringIO()), redactor), redactor)

    assert isinstance(handler.formatter, RedactingFormatter)
    assert not isinstance(handler.formatter._inner, RedactingFormatter)


def test_p07_tracebacks_of_the_program_and_its_threads_are_redacted(redactor, monkeypatch):
    for name in ("excepthook", "unraisablehook"):
        monkeypatch.setattr(sys, name, getattr(sys, name))
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(logging, "lastResort", logging.StreamHandler(StringIO()))
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    shown = StringIO()
    monkeypatch.setattr(sys, "stderr", shown)
    install(redactor)

    def fail() -> None:
        raise RuntimeError(f"key was {SECRET}")

    try:
        fail()
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
        text = format_error(error, redactor)
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()

    assert shown.getvalue().count("RuntimeError: key was <secret>") == 2
    assert "p4ss" not in shown.getvalue() + text


def test_that_installing_quiets_the_http_library(redactor, monkeypatch):
    for name in ("excepthook", "unraisablehook"):
        monkeypatch.setattr(sys, name, getattr(sys, name))
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    monkeypatch.setattr(logging, "lastResort", None)

    install(redactor)

    assert logging.getLogger("urllib3.connectionpool").getEffectiveLevel() >= logging.WARNING
