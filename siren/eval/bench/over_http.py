"""A policy that is served over HTTP, as an object with `propose`: one POST a decision, JSON both ways.

    request   {"image": "<PNG in base64>", "instruction": "pick up the egg", "context": {"robot": "panda", "plans": 4, "seed": 7, ...}}
    answer    {"plans": ["pick egg from top | move to ...", ...]}

A server that cannot be reached, or answers something else, is no failed episode: the benchmark stops and can be resumed.
"""

import base64
import io
import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from siren.core.errors import BenchError

if TYPE_CHECKING:
    from siren.eval.bench.outside import Context

PATIENCE = 60.0  # seconds for one decision
LONGEST = 1_000_000  # bytes of an answer


class OverHttp:
    """Asks the server at one address. Proxies of the environment are not used: a policy is asked directly."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def propose(self, image: np.ndarray, instruction: str, context: "Context") -> list[str]:
        """The server's plans. image: uint8, (height, width, 3), RGB. Raises BenchError."""
        body = {"image": _png(image), "instruction": instruction, "context": context.model_dump()}
        request = urllib.request.Request(self._address, json.dumps(body).encode(), {"Content-Type": "application/json"})
        try:
            with self._opener.open(request, timeout=PATIENCE) as answer:
                text = answer.read(LONGEST + 1)
        except (urllib.error.URLError, OSError) as error:
            raise BenchError(f"{self._address}: the policy did not answer ({error}); start it and go on with --resume") from error
        return self._plans(text)

    def _plans(self, text: bytes) -> list[str]:
        try:
            plans = json.loads(text)["plans"] if len(text) <= LONGEST else None
        except (ValueError, KeyError, TypeError):
            plans = None
        if not isinstance(plans, list) or not all(isinstance(plan, str) for plan in plans):
            shown = text[:80].decode(errors="replace")
            raise BenchError(f'{self._address}: expected {{"plans": ["...", ...]}} of at most {LONGEST} bytes, got \'{shown}\'')
        return plans


def _png(image: np.ndarray) -> str:
    file = io.BytesIO()
    Image.fromarray(image).save(file, "png")
    return base64.b64encode(file.getvalue()).decode()
