"""How well a few typed letters fit a text."""

_START_OF_WORD = 8
_IN_A_ROW = 5
_ANYWHERE = 1
_WHOLE_PIECE = 20
_BREAKS = frozenset(" -_.:/@(“\"'…")


def fuzzy_score(query: str, text: str) -> int | None:
    """Higher is better; None when the letters do not all come in this order.

    Letters at the start of words and letters in a row count more, and short texts win over long ones.
    """
    query, folded = query.casefold().strip(), text.casefold()
    if not query:
        return 0
    at = folded.find(query)
    if at >= 0:
        begins_word = at == 0 or folded[at - 1] in _BREAKS
        score = (
            _WHOLE_PIECE + len(query) * _IN_A_ROW + (_START_OF_WORD if begins_word else 0) + (at == 0) * _START_OF_WORD
        )
        return score * 100 - len(text)
    score, position, in_a_row = 0, 0, False
    for letter in query.replace(" ", ""):
        found = _best_place(folded, letter, position, in_a_row=in_a_row)
        if found < 0:
            return None
        begins_word = found == 0 or folded[found - 1] in _BREAKS
        in_a_row = found == position and position > 0
        score += _START_OF_WORD if begins_word else _IN_A_ROW if in_a_row else _ANYWHERE
        position = found + 1
    return score * 100 - len(text)


def _best_place(text: str, letter: str, start: int, *, in_a_row: bool) -> int:
    """The next place of a letter: straight on if it goes on there, else at the start of a word if there is one."""
    first = text.find(letter, start)
    if first == start and in_a_row:
        return first
    place = first
    while place >= 0:
        if place == 0 or text[place - 1] in _BREAKS:
            return place
        place = text.find(letter, place + 1)
    return first
