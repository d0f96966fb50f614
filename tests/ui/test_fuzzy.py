from hypothesis import given
from hypothesis import strategies as st

from saasdesk.ui.fuzzy import fuzzy_score


def best(query: str, *texts: str) -> str:
    scores = {text: score for text in texts if (score := fuzzy_score(query, text)) is not None}
    return max(scores, key=lambda text: scores[text])


def test_that_the_first_letters_of_words_find_a_command() -> None:
    assert best("rnp", "Run now: PagerDuty", "Repair nothing in particular", "Export plan") == "Run now: PagerDuty"


def test_that_a_whole_piece_wins_over_scattered_letters() -> None:
    assert best("plan", "Export plan", "People and licences by name") == "Export plan"


def test_that_the_beginning_wins_over_the_middle() -> None:
    assert best("pe", "People", "Open the export") == "People"


def test_that_letters_in_another_order_find_nothing() -> None:
    assert fuzzy_score("elpoep", "People") is None


def test_that_case_does_not_matter() -> None:
    assert fuzzy_score("PEOPLE", "people") == fuzzy_score("people", "people")


@given(st.text(min_size=1))
def test_that_a_text_always_finds_itself(text: str) -> None:
    assert fuzzy_score(text, text) is not None
