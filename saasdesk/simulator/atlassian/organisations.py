"""The company's organisations, and the products that people are given there."""

from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

from saasdesk.simulator.company import COMPANY_NAME


@dataclass(frozen=True, slots=True)
class Site:
    """A product at one of the company's sites; Trello and Bitbucket have addresses of their own."""

    key: str
    name: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Organisation:
    """One of the company's Atlassian organisations: who is in it, and whether it tells how many they are."""

    name: str
    title: str
    site: str
    # Out of 256 people, those who have an account; the others were never invited.
    share: int
    tells_total: bool


MAIN = Organisation("atlassian", COMPANY_NAME, "kestrel-heath", share=236, tells_total=True)
LABS = Organisation("atlassian-labs", f"{COMPANY_NAME} Labs", "kestrel-labs", share=64, tells_total=False)


def bundles(site: str) -> tuple[tuple[Site, ...], ...]:
    """What people are given, from everything an engineer needs to nothing but a wiki; a change of access is a step."""
    jira, tests = (Site("jira-software", "Jira Software", f"{site}{part}.atlassian.net") for part in ("", "-sandbox"))
    wiki = Site("confluence", "Confluence", f"{site}.atlassian.net")
    desk = Site("jira-service-desk", "Jira Service Management", f"{site}-support.atlassian.net")
    code = Site("bitbucket", "Bitbucket", "bitbucket.org")
    # Some products come without an address.
    boards, pages = Site("trello", "Trello", None), Site("statuspage", "Statuspage", f"{site}.statuspage.io")
    ideas = Site("jira-product-discovery", "Jira Product Discovery", f"{site}.atlassian.net")
    return (
        (jira, tests, code, wiki),
        (jira, wiki, code),
        (jira, wiki),
        (wiki,),
        (code, boards),
        (jira, wiki, desk),
        (desk, wiki, pages),
        (wiki, boards),
        (jira, wiki, ideas),
    )


# Out of 256, for people who write software and for the others.
TECHNICAL = ((90, 0), (160, 1), (200, 2), (225, 5), (240, 4), (256, 6))
OTHERS = ((110, 3), (160, 7), (200, 2), (230, 8), (256, 5))


def uuid_of(seed: int, organisation: Organisation, topic: str) -> str:
    """An id of something in an organisation, the same for the same company."""
    digest = blake2b(f"{seed}/{organisation.name}/{topic}".encode(), digest_size=16, person=b"atlassian").digest()
    return str(UUID(bytes=digest))
