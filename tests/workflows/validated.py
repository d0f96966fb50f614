"""Every call that changes something, through validating proxies that hold the vendors' own documents.

The proxies are not Python and not part of the suite. With Node.js, in an empty folder:

    npm install @stoplight/prism-cli@5
    npx prism proxy -p 4671 --errors pagerduty.openapi.json http://127.0.0.1:4620/pagerduty
    npx prism proxy -p 4672 --errors jumpcloud.swagger.json http://127.0.0.1:4620/jumpcloud

and when each says that it listens (half a minute):

    python -m tests.workflows.validated pagerduty=http://127.0.0.1:4671 jumpcloud=http://127.0.0.1:4672

A request or an answer that breaks the document is refused by the proxy, and the preset ends as failed. The documents
are PagerDuty/api-schema (OpenAPI 3) and TheJumpCloud/jcapi-powershell (Swagger 2); the proxy has to accept PagerDuty's
own media type, and JumpCloud's paths have to begin with /api.
"""

import sys
import tempfile
from pathlib import Path

from saasdesk.simulator.control import Simulator
from saasdesk.workflows.runner import Ended, RunState
from tests.workflows.preset_cases import CASES
from tests.workflows.test_presets import Offices, carry_out, prepared, send

PORT = 4620


class Behind(Simulator):
    """The simulated vendors, reached through proxies."""

    def __init__(self, proxies: dict[str, str]) -> None:
        super().__init__(90, port=PORT)
        self.proxies = proxies

    def access(self) -> dict[str, dict[str, str]]:
        through = super().access()
        return {name: {**keys, "base_url": self.proxies.get(name, keys["base_url"])} for name, keys in through.items()}


def create_user(offices: Offices) -> Ended:
    """What needs no account of its own."""
    inputs = {"username": "newcomer", "email": "newcomer@example.com", "firstname": "New", "lastname": "Comer"}
    someone = offices.take("jumpcloud").email
    return send(
        offices.at("jumpcloud"), "jumpcloud_create_user", "email", someone, of="people", **inputs
    ).ended[0]  # fmt: skip


def tell(*words: object) -> None:
    """One line for whoever runs it."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")


def main(words: list[str]) -> int:
    """Try everything at the named vendors; the exit code is the number of presets that were refused."""
    proxies = dict(word.split("=", 1) for word in words)
    refused = 0
    with tempfile.TemporaryDirectory() as folder, Behind(proxies) as simulator:
        offices = Offices(Path(folder), simulator)
        for case in (each for each in CASES if each.vendor in proxies):
            account = prepared(offices, case)
            ended = carry_out(offices, case, account)
            is_done = ended.state is RunState.COMPLETED and case.is_done(offices, account)
            refused += not is_done
            call = offices.at(case.vendor).calls()[-1]
            tell(case.preset, "ok" if is_done else "NOT", call.method, call.status, call.verified, ended.message)
        if "jumpcloud" in proxies:
            ended = create_user(offices)
            refused += ended.state is not RunState.COMPLETED
            tell("jumpcloud_create_user", ended.state.value, ended.message)
        offices.close()
    return refused


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
