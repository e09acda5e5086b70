"""Policies that are not SIREN's: by module and factory, and over HTTP on loopback."""

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest

from siren.core.episode import Candidate
from siren.core.errors import BenchError
from siren.core.plan import parse_plan
from siren.eval.bench.outside import Context, Outsider, load_outside

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
PICK = "pick egg from top | move to 0.412 -0.103 0.031 rotate 0 180 45 speed slow force gentle close gripper"
BLACK = np.zeros((96, 96, 3), np.uint8)


class Scripted:
    """Says what it was told to say, and keeps what it was told."""

    def __init__(self, answer: object) -> None:
        self.answer = answer
        self.contexts: list[Context] = []

    def propose(self, image: np.ndarray, instruction: str, context: Context) -> object:
        self.contexts.append(context)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def asked(answer: object, count: int = 4, seed: int = 7) -> tuple[Candidate, ...]:
    return Outsider(Scripted(answer), "scripted", "panda").propose(BLACK, "pick up the egg", count, np.random.default_rng(seed))


@contextmanager
def serving(server: HTTPServer) -> Iterator[str]:
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/propose"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def echo(body: bytes, status: int = 200) -> tuple[HTTPServer, list[dict]]:
    """A server that always answers the same, and what it was asked."""
    heard: list[dict] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return HTTPServer(("127.0.0.1", 0), Handler), heard


def test_texts_and_plans_are_candidates_best_first() -> None:
    for answer in (PICK, [PICK], parse_plan(PICK), [parse_plan(PICK)]):
        (candidate,) = asked(answer)
        assert (candidate.plan, candidate.text) == (parse_plan(PICK), PICK)
    scores = [candidate.score for candidate in asked([PICK, PICK, PICK], count=2)]
    assert scores == [0.0, -1.0]


def test_what_is_no_plan_is_a_candidate_without_one() -> None:
    assert [candidate.plan for candidate in asked(["I would rather not"])] == [None]
    assert [candidate.plan for candidate in asked([])] == [None]


def test_the_same_trial_gives_the_same_context() -> None:
    policy = Scripted([PICK])
    for _ in range(2):
        Outsider(policy, "scripted", "kuka").propose(BLACK, "pick up the egg", 4, np.random.default_rng(7))
    assert policy.contexts[0] == policy.contexts[1]
    assert (policy.contexts[0].robot, policy.contexts[0].plans) == ("kuka", 4)


def test_a_policy_that_breaks_stops_the_benchmark() -> None:
    with pytest.raises(BenchError, match="scripted: propose raised ValueError: no battery"):
        asked(ValueError("no battery"))


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ("nothing", r"expected --policy MODULE:FACTORY or http"),
        ("no_such_module:Policy", "No module named"),
        ("json:Policy", "no attribute 'Policy'"),
        ("json:JSONDecoder", r"expected an object with propose\(image, instruction, context\), got a JSONDecoder"),
        ("json:load", "without arguments"),
    ],
)
def test_a_policy_that_cannot_be_made_is_refused(spec: str, reason: str) -> None:
    with pytest.raises(BenchError, match=reason):
        load_outside(spec)


def test_the_example_goes_for_what_is_red(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    policy = Outsider(load_outside("red_first:RedFirst"), "red", "panda")
    image = BLACK.copy()
    image[23:26, 71:74] = (200, 10, 10)
    (candidate,) = policy.propose(image, "whatever", 4, np.random.default_rng(0))
    assert candidate.plan is not None
    x, y, _ = candidate.plan.steps[0].keyframe.position
    assert (x, y) == pytest.approx((0.81 - 24 * 0.64 / 96, 0.32 - 72 * 0.64 / 96), abs=0.01)
    sys.modules.pop("red_first", None)


def test_a_served_policy_gets_the_picture_and_its_plans_come_back() -> None:
    server, heard = echo(json.dumps({"plans": [PICK]}).encode())
    with serving(server) as address:
        (candidate,) = Outsider(load_outside(address), address, "panda").propose(BLACK, "nimm das Ei", 4, np.random.default_rng(0))
    assert candidate.text == PICK
    assert heard[0]["instruction"] == "nimm das Ei"
    assert heard[0]["context"]["robot"] == "panda"


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b"plans", b'{"plans": "one"}', b'{"plans": [1]}', b'{"plans": ["' + b"x" * 1_000_001 + b'"]}']
)
def test_an_answer_that_is_none_is_refused(body: bytes) -> None:
    server, _ = echo(body)
    with serving(server) as address, pytest.raises(BenchError, match=r'expected \{"plans": \["...", ...\]\}'):
        load_outside(address).propose(BLACK, "x", Context(robot="panda", plans=1, seed=0))


def test_a_server_that_fails_or_is_not_there_is_said() -> None:
    server, _ = echo(b"{}", status=500)
    with serving(server) as address, pytest.raises(BenchError, match="the policy did not answer .*500"):
        load_outside(address).propose(BLACK, "x", Context(robot="panda", plans=1, seed=0))
    with pytest.raises(BenchError, match="the policy did not answer"):
        load_outside(address).propose(BLACK, "x", Context(robot="panda", plans=1, seed=0))
