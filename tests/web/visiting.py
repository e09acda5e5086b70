"""A visitor of the inspector over a recorded session: opens pages, sends forms."""

import re
from collections.abc import Iterator

from starlette.testclient import TestClient

from siren.web.app import create_app
from siren.web.settings import WebSettings

SESSION, RULE = "s6", "r0002"  # of the recorded session: something fragile is gripped firmly


class Visitor:
    """A browser without a window: opens pages, sends their forms with the token that they carry."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, path: str, code: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == code, f"{path}: {answer.status_code} {answer.text[:400]}"
        return answer.text

    def send(self, page: str, action: str, code: int, **fields: str) -> str:
        """Open a page and send one of its forms to `action`."""
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', self.get(page)))
        answer = self.client.post(action, data={**hidden, **fields}, follow_redirects=False)
        assert answer.status_code == code, f"{action}: {answer.status_code} {answer.text[:400]}"
        return answer.text


def visit(settings: WebSettings) -> Iterator[Visitor]:
    """A visitor of an inspector with those settings, in this process."""
    with TestClient(create_app(settings), base_url=f"http://127.0.0.1:{settings.port}") as client:
        yield Visitor(client)
