"""A JSON document in which templates stand, in a text or in the place of a value."""

import re
from typing import Any

import orjson

from saasdesk.mapping import TemplateProblem
from saasdesk.workflows.blocks.kind import Visit
from saasdesk.workflows.blocks.texts import filled

# Letters for private use, which no vendor's document has: they stand for a template while the JSON is read.
_WHOLE, _PART = "\ue000", "\ue001"
_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_IN_TEXT = re.compile(f"{_PART}(\\d+){_PART}")


class JsonTemplate:
    """Raises a TemplateProblem where the text is no JSON even without its templates."""

    def __init__(self, text: str) -> None:
        self.expressions: list[str] = []
        try:
            self._document: Any = orjson.loads(self._without_templates(text))
        except orjson.JSONDecodeError as error:
            raise TemplateProblem(f"this is no JSON: line {error.lineno}, column {error.colno}") from None

    def fill(self, visit: Visit) -> object:
        """The document with its values; a TemplateProblem where a template finds nothing."""
        return self._filled(self._document, visit)

    def _without_templates(self, text: str) -> str:
        parts: list[str] = []
        position, is_in_text = 0, False
        while position < len(text):
            found = _EXPRESSION.match(text, position)
            if found is not None:
                mark = f"{_PART}{len(self.expressions)}{_PART}"
                self.expressions.append(found[0])
                parts.append(mark if is_in_text else f'"{_WHOLE}{mark}"')
                position = found.end()
                continue
            if text[position] == "\\" and is_in_text:
                parts.append(text[position : position + 2])
                position += 2
                continue
            if text[position] == '"':
                is_in_text = not is_in_text
            parts.append(text[position])
            position += 1
        return "".join(parts)

    def _filled(self, part: Any, visit: Visit) -> Any:
        if isinstance(part, dict):
            return {self._text(key, visit): self._filled(inner, visit) for key, inner in part.items()}
        if isinstance(part, list):
            return [self._filled(inner, visit) for inner in part]
        if not isinstance(part, str):
            return part
        if not part.startswith(_WHOLE):
            return self._text(part, visit)
        text = self._text(part.removeprefix(_WHOLE), visit)
        try:
            # In the place of a value a number stays a number.
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            return text

    def _text(self, text: str, visit: Visit) -> str:
        return _IN_TEXT.sub(lambda mark: filled(self.expressions[int(mark[1])], visit), text)
