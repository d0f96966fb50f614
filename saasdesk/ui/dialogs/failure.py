"""What is said where there is no window that could say it: why the program cannot go on as it was asked to."""

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.question import Question


def tell_failure(theme: Theme, title: str, sentence: str) -> None:
    """Say what happened and what to do, until it is closed."""
    question = Question(theme, title, sentence, [OutlinedButton(theme, "Close")], icon="error", tone="error")
    question.setModal(True)
    question.exec()
