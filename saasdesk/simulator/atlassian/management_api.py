"""The API of user management: one account at a time."""

from saasdesk.simulator.atlassian.accounts import Accounts, nickname_of
from saasdesk.simulator.atlassian.keys import KeyKind
from saasdesk.simulator.atlassian.refusals import Refused, management_error
from saasdesk.simulator.exchange import Answer, Place, Request, json_answer


class ManagementApi:
    """Its endpoints; keys with scopes are refused by all of them."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def answer(self, request: Request, place: Place, parts: list[str], kind: KeyKind) -> Answer:
        """Answer what the path is for."""
        if kind is not KeyKind.FULL:
            raise Refused(management_error(403, "forbidden", "The scope manage:org is needed"))
        serial = self._accounts.serial_in(parts[1])
        if serial is None:
            raise Refused(management_error(404, "notFound"))
        if not self._accounts.has_account(serial):
            raise Refused(management_error(403, "forbidden"))
        match (request.method, place.endpoint):
            case ("GET", "manage"):
                return self._show_privileges(request, serial)
            case ("GET", "profile"):
                return self._show_profile(serial)
            case ("POST", "disable" | "enable" | "delete" | "cancel-delete" as step):
                return self._turn(serial, step)
            case _:
                raise Refused(management_error(404, "notFound"))

    def _show_privileges(self, request: Request, serial: int) -> Answer:
        elsewhere = self._accounts.comes_from_elsewhere(serial)
        reason = {"reason": {"key": "externalDirectory.scim.managed"}}
        privileges = {
            "profile": {"allowed": True},
            "profile.write": {"allowed": not elsewhere} | (reason if elsewhere else {}),
            "email.set": {"allowed": False} | reason,
            "lifecycle.enablement": {"allowed": not elsewhere} | (reason if elsewhere else {}),
        }
        wanted = request.every("privileges")
        return json_answer({name: value for name, value in privileges.items() if not wanted or name in wanted})

    def _show_profile(self, serial: int) -> Answer:
        person, dice = self._accounts.person(serial), self._accounts.dice(serial)
        if dice[20] <= 4:
            detail = "Cannot perform action on unverified account"
            raise Refused(management_error(403, "forbidden.targetUnverified", detail))
        account = self._accounts.account(person)
        shown = {key: account[key] for key in ("account_id", "account_type", "account_status", "name", "picture")}
        more = {"email": account["email"]} if "email" in account else {}
        extended = {"job_title": person.title, "department": person.department} if dice[21] < 150 else {}
        profile = {**shown, **more, "nickname": nickname_of(person), "email_verified": True, "locale": "en-GB"}
        return json_answer({"account": {**profile, "zoneinfo": person.time_zone, "extended_profile": extended}})

    def _turn(self, serial: int, step: str) -> Answer:
        """Deactivate, activate, delete or keep an account after all."""
        if self._accounts.comes_from_elsewhere(serial):
            raise Refused(management_error(403, "forbidden.action"))
        state, person = self._accounts.state(serial), self._accounts.person(serial)
        status = self._accounts.status(person)
        if step == "enable" and (status == "closed" or state.is_deleting):
            raise Refused(management_error(403, "forbidden"))
        if step == "cancel-delete" and not state.is_deleting:
            raise Refused(management_error(404, "notFound"))
        match step:
            case "disable":
                self._accounts.change(serial, status="inactive")
            case "enable":
                self._accounts.change(serial, status="active")
            case _:
                self._accounts.change(serial, is_deleting=step == "delete")
        return Answer(204)
