"""A policy served over HTTP: here the weights that ship with SIREN, but anything that answers a POST with {"plans": [...]} will do.

    python serve_policy.py --port 8000 &
    siren bench --suite seen --episodes 20 --arms vla,expert --policy http://127.0.0.1:8000/propose

The server listens to this machine alone.
"""

import argparse
import base64
import io
import json
from http.server import BaseHTTPRequestHandler, HTTPServer

import numpy as np
from PIL import Image

from siren import build
from siren.core.errors import InstructionError
from siren.core.interfaces import Proposer


def answer(policy: Proposer, asked: dict) -> dict:  # type: ignore[type-arg]
    """Plans for a request. What the policy does not understand gets none."""
    image = np.array(Image.open(io.BytesIO(base64.b64decode(asked["image"]))).convert("RGB"))
    context = asked["context"]
    try:
        found = policy.propose(image, asked["instruction"], context["plans"], np.random.default_rng(context["seed"]))
    except InstructionError:
        return {"plans": []}
    return {"plans": [candidate.text for candidate in found]}


def make_server(policy: Proposer, port: int) -> HTTPServer:
    """A server on loopback; port 0 takes any that is free."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(answer(policy, asked)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: the benchmark has a bar of its own."""

    return HTTPServer(("127.0.0.1", port), Handler)


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8000)
    make_server(build.proposer(build.checkpoint("")), parser.parse_args().port).serve_forever()


if __name__ == "__main__":
    main()
