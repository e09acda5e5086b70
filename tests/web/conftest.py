"""The recorded sample as a home, and the inspector over it: in this process, or as a server that a browser can reach."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the extra `web` is not installed")

from starlette.testclient import TestClient  # noqa: E402

from siren.web.app import create_app  # noqa: E402
from siren.web.sample import lay_out_sample  # noqa: E402
from siren.web.settings import WebSettings  # noqa: E402

SESSION, RULE = "s6", "r0002"  # of the sample: something fragile is gripped firmly


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


@pytest.fixture(scope="session")
def laid_out(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("sample")
    lay_out_sample(home)
    return home


@pytest.fixture
def home(laid_out: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(laid_out, tmp_path / "home"))


def visit(settings: WebSettings) -> Iterator[Visitor]:
    with TestClient(create_app(settings), base_url=f"http://127.0.0.1:{settings.port}") as client:
        yield Visitor(client)


@pytest.fixture
def visitor(home: Path) -> Iterator[Visitor]:
    yield from visit(WebSettings(home=home))
