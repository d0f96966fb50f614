import io
import json
import threading
import urllib.request
from queue import Queue

from saasdesk.simulator.serve import serve


class Lines(io.StringIO):
    """Hands every line that is written to whoever waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.written: Queue[str] = Queue()

    def write(self, text: str) -> int:
        self.written.put(text)
        return super().write(text)


def test_that_one_line_of_json_says_where_the_vendors_are_until_stopped() -> None:
    stop, out = threading.Event(), Lines()
    serving = threading.Thread(target=serve, kwargs={"people": 30, "seed": 4, "stop": stop, "out": out})
    serving.start()

    line = out.written.get(timeout=20)
    access = json.loads(line)["pagerduty"]
    request = urllib.request.Request(
        f"{access['base_url']}/users?total=true", headers={"Authorization": f"Token token={access['key']}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        page = json.load(answer)
    stop.set()
    serving.join(timeout=10)

    assert page["total"] == 30
    assert access.keys() == {"base_url", "key"}
    assert out.getvalue() == line
    assert line.endswith("\n")
    assert not serving.is_alive()
