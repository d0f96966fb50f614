"""Templates in the settings of blocks."""

from functools import lru_cache

from saasdesk.mapping import Template, compile_template
from saasdesk.workflows.blocks.kind import Visit


@lru_cache(maxsize=2_048)
def template(text: str, *, knows_answer: bool = False) -> Template:
    """A compiled template; a TemplateProblem where it is none. In one that knows an answer, `response` is that."""
    return compile_template(text, whole="" if knows_answer else "response")


def filled(text: str, visit: Visit) -> str:
    """A text with what the record, the blocks before and the variables have for it; a TemplateProblem if not."""
    return template(text).render(visit.seen.values, visit.context) if "{" in text else text
