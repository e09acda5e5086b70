"""Who may come in: Host, token, origin and form token; and what every answer carries."""

from pathlib import Path

import pytest
from pydantic import ValidationError
from visiting import RULE, SESSION, Visitor, visit

from siren.web.settings import WebSettings

EDIT = f"/sessions/{SESSION}/rules/{RULE}"
TOKEN = "a-token-of-sixteen-or-more"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8321", "", "localhost.evil.example"])
def test_a_foreign_host_is_refused(visitor: Visitor, host: str) -> None:
    answer = visitor.client.get("/sessions", headers={"host": host})
    assert answer.status_code == 421
    assert "does not answer to the name" in answer.text


@pytest.mark.parametrize("host", ["localhost:8321", "127.0.0.1", "[::1]:8321"])
def test_this_machine_may_come_in(visitor: Visitor, host: str) -> None:
    assert visitor.client.get("/sessions", headers={"host": host}).status_code == 200


def test_a_form_without_its_token_changes_nothing(visitor: Visitor, home: Path) -> None:
    before = (home / "sessions" / SESSION / "rules" / "learned" / f"{RULE}.lp").read_bytes()
    for data in ({"wish": "disable", "seen": "x"}, {"wish": "disable", "seen": "x", "form_token": "0" * 64}):
        answer = visitor.client.post(f"{EDIT}/standing", data=data)
        assert answer.status_code == 403
        assert "no valid token" in answer.text
    assert (home / "sessions" / SESSION / "rules" / "learned" / f"{RULE}.lp").read_bytes() == before


def test_the_token_of_another_visitor_is_not_valid(visitor: Visitor) -> None:
    visitor.send(EDIT, f"{EDIT}/standing", 303, wish="disable")
    visitor.client.cookies.set("siren_visitor", "somebody-else")
    stolen = visitor.client.post(f"{EDIT}/standing", data={"form_token": "0" * 64, "wish": "enable", "seen": "x"})
    assert stolen.status_code == 403


def test_a_form_from_elsewhere_is_refused_even_with_its_token(visitor: Visitor) -> None:
    page = visitor.get(f"{EDIT}/edit")
    token = page.partition('name="form_token" value="')[2].partition('"')[0]
    answer = visitor.client.post(f"{EDIT}/check", data={"form_token": token}, headers={"origin": "http://evil.example"})
    assert answer.status_code == 403


def test_a_huge_form_is_refused(visitor: Visitor) -> None:
    assert visitor.client.post(f"{EDIT}/check", content=b"x" * 100_000).status_code == 413


def test_every_answer_forbids_what_the_pages_do_not_need(visitor: Visitor) -> None:
    for path in ("/sessions", "/nope", "/static/style.css", "/episodes/8/frame.png"):
        headers = visitor.client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
    cookie = visitor.client.get("/sessions", headers={"cookie": ""}).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_other_addresses_need_a_token(home: Path) -> None:
    with pytest.raises(ValidationError, match="at least 16 characters"):
        WebSettings(home=home, host="0.0.0.0")
    for visitor in visit(WebSettings(home=home, host="0.0.0.0", token=TOKEN)):
        assert visitor.client.get("/sessions").status_code == 401
        assert visitor.client.get("/sessions?token=wrong").status_code == 401
        assert visitor.client.get("/static/style.css").status_code == 401
        opened = visitor.client.get(f"/episodes?outcome=failure&token={TOKEN}")
        assert opened.status_code == 200
        assert TOKEN not in str(opened.url)
        assert visitor.client.get("/sessions").status_code == 200


def test_a_path_cannot_lead_out_of_the_home(visitor: Visitor) -> None:
    for path in ("/static/..%2f..%2fapp.py", "/sessions/..%2f..%2f/rules", "/sessions/%2e%2e/rules", "/static/%2e%2e/app.py"):
        assert visitor.client.get(path).status_code in (404, 422)


def test_read_only_means_it(home: Path) -> None:
    for visitor in visit(WebSettings(home=home, read_only=True)):
        page = visitor.get(EDIT)
        assert "This server only shows rules" in page
        assert '<form method="post"' not in page
        assert "start siren serve without --read-only" in visitor.get(f"{EDIT}/edit", 422)
    for open_visitor in visit(WebSettings(home=home)):
        open_visitor.get(f"{EDIT}/edit")
