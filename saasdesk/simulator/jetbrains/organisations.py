"""The organisations at JetBrains, and what they bought there."""

from dataclasses import dataclass

from saasdesk.simulator.jetbrains.refusals import Refused

PRODUCTS = (
    ("II", "IntelliJ IDEA Ultimate"),
    ("WS", "WebStorm"),
    ("PC", "PyCharm"),
    ("ALL", "All Products Pack"),
    ("RD", "Rider"),
    ("GO", "GoLand"),
    ("DG", "DataGrip"),
)
ADD_ON = ("AIP", "AI Pro")
TEAMS = ("Platform", "Web", "Mobile", "Data", "Operations")
FIRST_TEAM = 1_874_050


@dataclass(frozen=True, slots=True)
class Organisation:
    """How much of the company one JetBrains company covers; shares are out of 256 people."""

    name: str
    technical: int
    others: int
    people_a_free_licence: int


MAIN = Organisation("Kestrel & Heath", technical=190, others=20, people_a_free_licence=12)
LABS = Organisation("Kestrel Labs", technical=40, others=3, people_a_free_licence=40)


def team_in(text: str) -> int:
    """The team of this id; refused where there is none."""
    team = int(text) if text.isdecimal() else 0
    if not FIRST_TEAM <= team < FIRST_TEAM + len(TEAMS):
        raise Refused(404, "TEAM_NOT_FOUND", text)
    return team
