"""Every page over a small recorded session, over the sample that SIREN ships, and over nothing at all."""

import re
from collections import Counter
from pathlib import Path

import pytest
from visiting import RULE, SESSION, Visitor, visit

from siren.memory.database import FILE_NAME
from siren.memory.store import Store
from siren.web.sample import lay_out_sample
from siren.web.settings import WebSettings

PAGES = [
    "/sessions",
    f"/sessions/{SESSION}",
    "/episodes",
    "/episodes/8",
    "/episodes/8/decision",
    "/episodes/11/decision",
    "/episodes/11/why-not",
    f"/sessions/{SESSION}/rules",
    f"/sessions/{SESSION}/rules/{RULE}",
    f"/sessions/{SESSION}/rules/{RULE}/edit",
    f"/sessions/{SESSION}/rules/{RULE}/without",
    "/compare",
    "/compare/checkpoints",
    "/compare/episodes?a=8&b=11",
    "/about",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_a_title_of_its_own_and_one_heading(visitor: Visitor, path: str) -> None:
    text = visitor.get(path)
    titles = re.findall(r"<title>(.+?) · SIREN</title>", text)
    assert len(titles) == 1
    assert text.count("<h1>") >= 1
    assert "style=" not in text.replace('rel="stylesheet"', "")  # the policy of the pages allows no inline style
    assert "<script>" not in text


def test_the_chain_is_drawn(visitor: Visitor) -> None:
    answer = visitor.client.get("/episodes/11/graph.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.text.count("<rect") > 5


def kind_of(link: str) -> str:
    """The address without its numbers."""
    return re.sub(r"[a-z]?\d+|=[^&]*", "", link)


def test_every_link_of_the_sample_leads_somewhere(tmp_path: Path) -> None:
    """Following links from the first page reaches every kind of page, and none of them is broken."""
    lay_out_sample(tmp_path)
    visitor = next(visiting := visit(WebSettings(home=tmp_path)))
    waiting, seen, kinds = {"/sessions"}, set(), Counter()
    while waiting and len(seen) < 60:
        path = min(sorted(waiting), key=lambda link: kinds[kind_of(link)])  # pages of every kind before many of one kind
        seen.add(path)
        kinds[kind_of(path)] += 1
        links = re.findall(r'href="(/[^"#]*)', visitor.get(path).replace("&amp;", "&"))
        waiting = (waiting | {link for link in links if not link.startswith("/static")}) - seen
    assert any("/decision" in path for path in seen)
    assert any("/rules/" in path for path in seen)
    assert next(visiting, None) is None


@pytest.mark.parametrize(
    ("query", "wanted", "unwanted"),
    [
        ("outcome=failure", "bring me the glass", "put the rock on the red mat"),
        ("cause=crushed", "bring me the glass", "take the toy car"),
        ("object=toy+car", "take the toy car", "bring me the glass"),
        ("rule=r0026", "put the rock on the red mat", "bring me the glass"),
        ("use=evaluate&round=7", "get me the chocolate", "bring me the glass"),
        ("session=nobody", "No episode passes this filter", "bring me the glass"),
    ],
)
def test_episodes_are_found_by_what_is_asked(visitor: Visitor, query: str, wanted: str, unwanted: str) -> None:
    table = visitor.get(f"/episodes?{query}").partition("</form>")[2]
    assert wanted in table
    assert unwanted not in table


def test_the_moment_that_failed_is_marked_on_its_picture(visitor: Visitor) -> None:
    text = visitor.get("/episodes/8?step=1")
    assert "the glass was crushed at step 1, phase grasp" in text
    assert 'class="mark failed"' in text
    assert visitor.client.get("/episodes/8/frame.png").headers["content-type"] == "image/png"


def test_a_decision_shows_verdicts_and_the_reasons_that_stood_the_test(visitor: Visitor) -> None:
    text = visitor.get("/episodes/11/decision")
    assert "taken up" in text
    assert "attribute(rock,soft)" in text
    assert f"/sessions/{SESSION}/rules/r0026" in text
    assert "not verified" not in text
    assert re.search(r"(\d+) of \1 reasons hold", text)


def test_another_fact_gives_another_answer(visitor: Visitor) -> None:
    text = visitor.get("/episodes/11/decision?what_if=attribute(rock,soft)")
    assert "no longer:" in text
    assert 'role="alert"' in visitor.get("/episodes/11/decision?what_if=softness")


def test_it_speaks_only_of_episodes_that_it_holds(visitor: Visitor) -> None:
    """Its rules were taught by more; those have other numbers elsewhere and none here."""
    for path in ("/episodes/11/decision", "/episodes/11/decision?ask=why+not+gently", f"/sessions/{SESSION}/rules/{RULE}"):
        numbers = [int(number) for number in re.findall(r"episodes? (\d+)", visitor.get(path))]
        assert all(1 <= number <= 14 for number in numbers), (path, numbers)


def test_another_plan_is_judged(visitor: Visitor) -> None:
    plan = "pick rock from top | move to 0.536 0.149 0.031 rotate 0 180 142.5 speed slow force gentle close gripper"
    assert "is heavy and is gripped gently" in visitor.get(f"/episodes/11/why-not?plan={plan}")
    assert "line 1, column 1" in visitor.get("/episodes/11/why-not?plan=juggle")


def test_what_is_not_there_is_said_in_one_sentence(visitor: Visitor) -> None:
    for path, code in (("/episodes/999", 404), ("/nope", 404), ("/sessions/nobody", 404), (f"/sessions/{SESSION}/rules/r9999", 404)):
        assert 'class="bad"' in visitor.get(path, code)
    assert "number" in visitor.get("/episodes/abc", 422)
    assert "round" in visitor.get("/episodes?round=-x", 422)


def test_an_empty_home_says_what_to_do_and_stays_empty(tmp_path: Path) -> None:
    for visitor in visit(WebSettings(home=tmp_path)):
        for path in ("/sessions", "/episodes", "/compare"):
            assert "siren learn" in visitor.get(path)
        assert "siren learn" in visitor.get("/episodes/1", 404)
        visitor.get("/about")
    assert not (tmp_path / FILE_NAME).exists()


def test_text_from_the_record_is_never_markup(home: Path) -> None:
    """An instruction and a rule's sentence that carry a script arrive as text."""
    store, evil = Store.open(home), "<script>alert(1)</script>"
    episode = store.episode(8)
    task = episode.task.model_copy(update={"instruction": evil, "seed": 424242})
    number = store.record(episode.model_copy(update={"id": None, "task": task}))
    path = home / "sessions" / SESSION / "rules" / "learned" / f"{RULE}.lp"
    path.write_text(path.read_text().replace("it is crushed", evil))
    for visitor in visit(WebSettings(home=home)):
        pages = ["/episodes", f"/episodes/{number}", f"/episodes/{number}/decision", f"/sessions/{SESSION}/rules/{RULE}"]
        for page in [*pages, f"/sessions/{SESSION}/rules", f"/sessions/{SESSION}/rules/{RULE}/edit"]:
            text = visitor.get(page)
            assert "<script>" not in text
            assert "&lt;script&gt;" in text
        reflected = visitor.get(f"/episodes?object={evil}") + visitor.get(f"/episodes/8/decision?ask={evil}&what_if={evil}")
        assert "<script>" not in reflected
