"""The inspector in a real, headless Chromium: what a person does there, and what a hostile page or text cannot do.

Skipped where no Chromium is found; .ci/run installs one. SIREN_SCREENS=FOLDER also keeps a picture of every page.
"""

import os
import re
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from visiting import RULE, SESSION

from siren.symbolic.rulebook import Rulebook
from siren.web.app import create_app
from siren.web.settings import WebSettings

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (extra dev)")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed (extra dev)")
uvicorn = pytest.importorskip("uvicorn", reason="uvicorn is not installed (extra web)")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the path: apt-get install chromium"),
]
EDIT = f"/sessions/{SESSION}/rules/{RULE}/edit"
GOOD = f"violated({RULE}, (O,), T) :- step(T, pick, O), attribute(O, fragile), force(T, firm), not speed(T, slow)."
PAGES = {
    "sessions": "/sessions",
    "session": f"/sessions/{SESSION}",
    "episodes": "/episodes?outcome=failure",
    "episode": "/episodes/8?step=1",
    "decision": "/episodes/11/decision?what_if=attribute(rock,soft)&ask=why+not+gently",
    "why-not": "/episodes/11/why-not",
    "rules": f"/sessions/{SESSION}/rules",
    "rule": f"/sessions/{SESSION}/rules/{RULE}",
    "edit": EDIT,
    "without": f"/sessions/{SESSION}/rules/{RULE}/without",
    "compare": "/compare",
    "checkpoints": "/compare/checkpoints",
    "compare-episodes": "/compare/episodes?a=8&b=11",
    "about": "/about",
    "error": "/episodes/999",
}


@pytest.fixture
def server(home: Path) -> Iterator[str]:
    """The inspector on a free port of this machine."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        one = uvicorn.Server(uvicorn.Config(create_app(WebSettings(home=home)), log_level="warning", lifespan="off"))
        thread = threading.Thread(target=one.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        one.should_exit = True
        thread.join(timeout=20)


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, server: str) -> Iterator[object]:
    context = chromium.new_context(base_url=server, viewport={"width": 1100, "height": 900})
    context.set_default_timeout(20_000)
    one = context.new_page()
    one.complaints = []
    one.on("pageerror", lambda error: one.complaints.append(str(error)))
    one.on("console", lambda message: one.complaints.append(message.text) if message.type == "error" else None)
    yield one
    assert not one.complaints, one.complaints
    context.close()


def text_of(home: Path) -> str:
    return Rulebook.load(home / "sessions" / SESSION / "rules").rules[RULE].text


def test_a_rule_is_edited_and_its_replay_seen_before_it_is_saved(page, home: Path) -> None:
    page.goto(f"/sessions/{SESSION}/rules/{RULE}")
    page.get_by_role("link", name="Edit and replay").click()
    page.wait_for_url("**/edit")
    page.get_by_label("The rule").fill(GOOD)
    page.get_by_text("It may be tried").wait_for()  # htmx asks when it is ready, and while one types
    page.get_by_role("button", name="Replay").click()
    page.get_by_role("heading", name="as edited").wait_for()
    assert page.get_by_text("in 14 of 14 runs").count() == 2
    assert text_of(home) != GOOD
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved. A running session takes it up").wait_for()
    assert text_of(home) == GOOD
    page.get_by_text("wording 2, by person").wait_for()


def test_a_hostile_rule_is_refused_with_a_clear_message(page, home: Path) -> None:
    before = text_of(home)
    page.goto(EDIT)
    page.get_by_label("The rule").fill('#include "/etc/passwd".\n' + GOOD)
    page.get_by_text("'#include' is not allowed in rule files; remove it").wait_for()
    page.get_by_role("button", name="Save").click()
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "Not saved" in alert.inner_text()
    assert text_of(home) == before
    page.complaints.clear()  # Chromium tells of the answer 422 on its console


def test_why_and_what_if_are_asked(page) -> None:
    page.goto("/episodes/11/decision")
    page.get_by_label("A question in your words").fill("why did you take the rock like that?")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Why step 1 is as it is").wait_for()
    page.get_by_role("link", name="what if it were?").first.click()
    page.get_by_role("heading", name="If attribute(rock,soft)").wait_for()
    assert "no longer:" in page.locator(".answer").last.inner_text()
    page.get_by_label("A question in your words").fill("sing me a song")
    page.get_by_role("button", name="Ask").click()
    page.get_by_text("This is what can be asked").wait_for()
    page.get_by_role("link", name="what went wrong?").click()
    page.get_by_text("It worked; nothing went wrong.").wait_for()


def test_from_a_rule_to_its_episode_to_the_frame(page) -> None:
    page.goto("/rules")
    page.get_by_role("link", name=RULE).click()
    page.get_by_role("link", name="episode 8, step 1").click()
    page.get_by_role("heading", name="bring me the glass").wait_for()
    assert "step=1" in page.url
    picture = page.locator(".whole image")
    assert picture.get_attribute("href") == "/episodes/8/frame.png"
    assert page.request.get("/episodes/8/frame.png").headers["content-type"] == "image/png"
    assert page.locator(".mark.failed").count() == 2


def test_it_can_be_walked_with_the_keyboard_alone(page) -> None:
    page.goto("/sessions")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    names = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        names.add(page.evaluate("document.activeElement.textContent.trim()"))
    assert {"Episodes", "Rules", "Compare", "About", SESSION} <= names
    page.get_by_role("link", name=SESSION, exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=f"Session {SESSION}").wait_for()


def test_a_page_elsewhere_cannot_send_a_form(page, chromium, server: str, home: Path) -> None:
    """A page under another origin posts to the inspector: its cookie does not travel, and it has no token."""
    page.goto(f"/sessions/{SESSION}/rules/{RULE}")
    action = f"{server}/sessions/{SESSION}/rules/{RULE}/standing"
    other = page.context.new_page()
    other.route("http://evil.example/**", lambda route: route.fulfill(
        content_type="text/html", body=f'<form method=post action="{action}"><input name=wish value=disable><button>win</button></form>'
    ))  # fmt: skip
    other.goto("http://evil.example/")
    with other.expect_navigation() as answered:
        other.get_by_role("button").click()
    assert answered.value.status == 403
    assert Rulebook.load(home / "sessions" / SESSION / "rules").rules[RULE].status == "active"


def test_a_foreign_name_for_this_address_is_refused(page, server: str) -> None:
    answer = page.request.get("/sessions", headers={"Host": "evil.example"})
    assert answer.status == 421


def test_a_script_in_a_rule_stays_text(page, home: Path) -> None:
    path = home / "sessions" / SESSION / "rules" / "learned" / f"{RULE}.lp"
    path.write_text(path.read_text().replace("it is crushed", "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>"))
    for address in (f"/sessions/{SESSION}/rules/{RULE}", f"/sessions/{SESSION}/rules", EDIT):
        page.goto(address)
        assert page.evaluate("window.hacked") is None
        assert page.locator("img").count() == 0
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=window.hacked=1>')")
    page.wait_for_timeout(200)
    assert page.evaluate("window.hacked") is None  # the policy forbids what slips through
    page.complaints.clear()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1100), ("dark", 400)])
def test_every_page_is_readable_for_everybody(chromium, server: str, scheme: str, width: int) -> None:
    """No serious finding of axe, nothing wider than the window, in light and dark, wide and at 400 px."""
    context = chromium.new_context(base_url=server, color_scheme=scheme, viewport={"width": width, "height": 900})
    one = context.new_page()
    for name, address in PAGES.items():
        assert one.goto(address).ok or name == "error", address
        assert one.evaluate("document.documentElement.scrollWidth") <= width, address
        found = axe.Axe().run(one).response["violations"]
        serious = [f"{bad['id']}: {bad['nodes'][0]['html'][:120]}" for bad in found if bad["impact"] in ("serious", "critical")]
        assert not serious, f"{address}: {serious}"
        folder = os.environ.get("SIREN_SCREENS")
        if folder:
            one.screenshot(path=str(Path(folder) / f"{name}-{scheme}.png"), full_page=name != "about")
    context.close()


def test_without_scripts_everything_but_the_live_check_works(chromium, server: str) -> None:
    context = chromium.new_context(base_url=server, java_script_enabled=False)
    one = context.new_page()
    one.goto(EDIT)
    one.get_by_label("The rule").fill(GOOD)
    one.get_by_role("button", name="Replay").click()
    one.get_by_role("heading", name="as edited").wait_for()
    assert re.search(r"\d+ to \d+ %", one.content())
    context.close()
