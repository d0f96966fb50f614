"""A SCIM 2.0 server that others wrote, under the path of an Atlassian directory."""

from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from scim2_models import ScimProvider
from scim2_server.memory import InMemoryStorage
from scim2_server.service import ScimService
from scim2_server.testserver.application import BearerTokenApplication
from scim2_server.utils import (
    load_default_resource_types,
    load_default_schemas,
    load_default_service_provider_config,
)


class Quiet(WSGIRequestHandler):
    def log_message(self, *_words: object) -> None:
        pass


class Directory:
    """The server under the path of an Atlassian directory; `users` is what it holds."""

    def __init__(self, directory_id: str, key: str) -> None:
        self.storage = InMemoryStorage()
        provider = ScimProvider.from_discovery(
            load_default_schemas().values(),
            load_default_resource_types().values(),
            config=load_default_service_provider_config(),
        )
        service = ScimService(provider, secret="only for tests")
        application = BearerTokenApplication(self.storage, provider, service=service, bearer_tokens=[key])
        prefix = f"/scim/directory/{directory_id}"

        def under_the_path(environ: dict[str, Any], start: Any) -> Any:
            assert environ["PATH_INFO"].startswith(prefix)
            environ = {**environ, "SCRIPT_NAME": prefix, "PATH_INFO": environ["PATH_INFO"].removeprefix(prefix)}
            return application(environ, start)

        self.server = make_server("127.0.0.1", 0, under_the_path, handler_class=Quiet)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def users(self) -> dict[str, bool | None]:
        """Who is there, and whether each is active."""
        return {resource.user_name: resource.active for resource in self.storage.resources}
