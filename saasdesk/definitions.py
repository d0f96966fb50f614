"""What an admin defines, as files: TOML in, TOML out, and errors that name the key and say what to write instead."""

import contextlib
import os
import tomllib
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel, ValidationError

from saasdesk.errors import UserError
from saasdesk.text import visible_toml

LARGEST_FILE = 10 * 1024 * 1024


def read_file(file: Path, noun: str) -> str:
    """The text of a file that should hold such a definition; a UserError says why it cannot be one."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise _too_large(file.name, noun)
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UserError(f"{file} is not UTF-8 text.") from None


def parse_toml(text: str, where: str, noun: str) -> dict[str, Any]:
    """The keys and values of a definition; `where` is what an error calls its place."""
    if len(text.encode()) > LARGEST_FILE:
        raise _too_large(where, noun)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{where} is not readable TOML: {error}.") from None


def to_toml(document: BaseModel) -> str:
    """A definition as a file that can be read again; what is empty is left out, and there is no secret in it."""
    import tomli_w

    data = orjson.loads(document.model_dump_json(by_alias=True, exclude_none=True))
    kept = {key: value for key, value in data.items() if value not in ("", [], {})}
    return visible_toml(tomli_w.dumps(kept, multiline_strings=True))


def write_file(file: Path, document: BaseModel) -> None:
    """Save a definition as a file that can be read again, whole or not at all; there is no secret in it.

    A UserError where the folder does not take it.
    """
    beside = file.with_name(f"{file.name}.new")
    try:
        # An earlier export is not lost to a disk that is full.
        beside.write_text(to_toml(document), encoding="utf-8")
        beside.replace(file)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise UserError(f"{file} could not be saved: {error.strerror or error}. Choose another folder.") from None


def write_json(file: Path, data: object) -> None:
    """Save what happened to records as a file that only its owner can read; it is there whole, or not at all."""
    beside = file.with_name(file.name + ".part")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
            opened.write(orjson.dumps(data, option=orjson.OPT_INDENT_2, default=str))
        beside.replace(file)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise UserError(f"{file} cannot be written: {error.strerror}. Choose another folder.") from error


def explain(error: ValidationError) -> str:
    """The first thing wrong in a document, by the name of its key, in a sentence."""
    first = error.errors()[0]
    key = _key_text(first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        return f"{key} is not a known key."
    if first["type"] == "missing":
        return f"{key} is missing."
    more = error.error_count() - 1
    rest = f" ({more} more {'problem' if more == 1 else 'problems'} after this one.)" if more else ""
    # What concerns several keys names them itself.
    about = f"{key}: " if first["loc"] else ""
    return f"{about}{message}.{rest}".replace("..", ".")


def _key_text(location: tuple[int | str, ...]) -> str:
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        elif part.isidentifier() and not part[0].isupper():
            text += f".{part}" if text else part
    return text or "the document"


def _too_large(where: str, noun: str) -> UserError:
    return UserError(f"{where} is larger than 10 MB; {noun} is a few kilobytes.")
