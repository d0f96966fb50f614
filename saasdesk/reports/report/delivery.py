"""Where a report goes when it runs by itself: to a folder, to people by mail, or both."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from saasdesk.reports.csv_export import safe_file_name
from saasdesk.text import is_mail_address, visible_text

USUAL_NAME = "{report} {date} {time}"
MOST_CONTACTS = 50
MOST_KEPT = 10_000


class FileFormat(StrEnum):
    """What kind of file a report becomes; the value is also the ending of its name."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"

    @property
    def ending(self) -> str:
        """How the name of such a file ends."""
        return f".{self.value}"


class Delivery(BaseModel):
    """The folder, the name of the file in it and how many of them stay; who gets it by mail; whether it rests."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: str = Field(default="", max_length=1_000)
    file: str = Field(default=USUAL_NAME, min_length=1, max_length=200)
    format: FileFormat = FileFormat.CSV
    # How many files of the report stay in the folder; 0 keeps all.
    keep: int = Field(default=0, ge=0, le=MOST_KEPT)
    contacts: tuple[str, ...] = Field(default=(), max_length=MOST_CONTACTS)
    paused: bool = False

    @field_validator("folder")
    @classmethod
    def _whole_path(cls, folder: str) -> str:
        if folder and not Path(folder).is_absolute():
            raise ValueError(f"“{visible_text(folder)}” is not a whole path; begin at the root of the disk")
        return folder

    @field_validator("file")
    @classmethod
    def _known_words(cls, pattern: str) -> str:
        _named(pattern, "report", datetime(2026, 1, 2, 3, 4, 5))  # noqa: DTZ001 - any moment would do
        return pattern

    @field_validator("contacts")
    @classmethod
    def _addresses(cls, contacts: tuple[str, ...]) -> tuple[str, ...]:
        for contact in contacts:
            if not is_mail_address(contact):
                raise ValueError(f"“{visible_text(contact)}” is not a mail address")
        if len({contact.casefold() for contact in contacts}) < len(contacts):
            raise ValueError("the same address stands there twice")
        return contacts

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Self:
        if not self.folder and not self.contacts:
            raise ValueError("say where the report goes: a folder, mail addresses as contacts, or both")
        return self

    def file_name(self, report: str, moment: datetime) -> str:
        """What its file is called, in the admin's own time."""
        return safe_file_name(_named(self.file, report, moment.astimezone()), self.format.ending)


def _named(pattern: str, report: str, moment: datetime) -> str:
    words: dict[str, Any] = {"report": report, "date": f"{moment:%Y-%m-%d}", "time": f"{moment:%H%M}"}
    named = pattern
    for word, value in words.items():
        named = named.replace(f"{{{word}}}", value)
    left = named.partition("{")[2].partition("}")[0]
    if "{" in named and "{" not in report:
        known = ", ".join(f"{{{word}}}" for word in words)
        raise ValueError(f"“{{{visible_text(left)}}}” is not known; a name may have {known}")
    return named
