"""Two letters that stand for an application, where there is no room for its name."""

import re
from functools import lru_cache

_WORDS = re.compile(r"[^\W_]+")


@lru_cache(maxsize=1024)
def mark_of(name: str) -> str:
    """ "JetBrains" → JB, "Google Workspace" → GW, "Atlassian" → At, "钉钉" → 钉."""
    words: list[str] = _WORDS.findall(name)
    if not words:
        return "?"
    if len(words) > 1:
        return (words[0][0] + words[1][0]).upper()
    first = words[0]
    telling = [letter for place, letter in enumerate(first) if place == 0 or letter.isupper()]
    if len(telling) > 1:
        return "".join(telling[:2])
    return first[0].upper() + first[1:2] if first[0].upper() != first[0].lower() else first[0]
