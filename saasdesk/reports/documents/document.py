"""What every named document has: a version, a name, and one way to be read and written."""

from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from saasdesk.definitions import explain, parse_toml
from saasdesk.errors import UserError
from saasdesk.reports.names import Title


class NamedDocument(BaseModel):
    """What the window can set, the file can hold. A kind of document says its noun and the version known here."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    noun: ClassVar[str]
    known_version: ClassVar[int] = 1

    version: int = Field(default=1, ge=1)
    name: Title
    description: str = Field(default="", max_length=1_000)

    @model_validator(mode="before")
    @classmethod
    def _known(cls, data: Any) -> Any:
        # First of all: what a newer program wrote has keys of which nothing is known here.
        version = data.get("version") if isinstance(data, dict) else None
        if isinstance(version, int) and version > cls.known_version:
            raise ValueError(
                f"version: a newer saasdesk made this {cls.noun} (version {version}, known here is "
                f"{cls.known_version}). Update saasdesk to open it"
            )
        return data

    @classmethod
    def parse(cls, text: str, where: str = "the file") -> Self:
        """Read a document from TOML, all or nothing; an error names the key and what to write instead."""
        return cls.of(parse_toml(text, where, f"a {cls.noun} file"), where)

    @classmethod
    def of(cls, data: dict[str, Any], where: str) -> Self:
        """Validate a document's shape; a UserError says what is wrong with it."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise UserError(f"{where}: {explain(error)}") from None

    def as_json(self) -> str:
        """The document as it is stored."""
        return self.model_dump_json(by_alias=True, exclude_none=True)
