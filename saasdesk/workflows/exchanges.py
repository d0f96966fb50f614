"""A request and its answer as a history keeps them: no key, no password, nothing longer than a page."""

import re
from collections.abc import Mapping
from typing import Any

import orjson

from saasdesk.web import REDACTOR
from saasdesk.workflows.blocks.kind import Exchange, Reply
from saasdesk.workflows.requests import PresetRequest

_LONGEST = 8_000
_SECRET = re.compile(r"passw|secret|token|api.?key|private|credential|authori[sz]ation|cookie|otp|totp", re.IGNORECASE)
_HIDDEN = "(hidden)"


def exchange_of(request: PresetRequest, reply: Reply, tries: int) -> Exchange:
    """What was sent and what came back."""
    return Exchange(request_text(request), _answer_text(reply), reply.status, tries)


def request_text(request: PresetRequest) -> str:
    """A request, line by line: method and address, parameters, headers, body."""
    lines = [request.line]
    lines += [f"{name} = {_HIDDEN if _SECRET.search(name) else value}" for name, value in request.params.items()]
    lines += [f"{name}: {_HIDDEN if _SECRET.search(name) else value}" for name, value in request.headers.items()]
    if request.body is not None:
        lines.append(_json_text(request.body))
    return _clean("\n".join(lines))


def _answer_text(reply: Reply) -> str:
    if reply.status is None:
        return ""
    return _clean(str(reply.status) if reply.document is None else f"{reply.status}\n{_json_text(reply.document)}")


def _json_text(document: object) -> str:
    return orjson.dumps(_without_secrets(document), option=orjson.OPT_INDENT_2, default=str).decode()


def _without_secrets(part: Any) -> Any:
    if isinstance(part, Mapping):
        return {
            str(key): _HIDDEN if _SECRET.search(str(key)) and isinstance(inner, str) else _without_secrets(inner)
            for key, inner in part.items()
        }
    if isinstance(part, list | tuple):
        return [_without_secrets(inner) for inner in part]
    return part


def _clean(text: str) -> str:
    cut = REDACTOR.redact(text)
    return cut if len(cut) <= _LONGEST else f"{cut[:_LONGEST]}\n… (cut)"
