"""Two readings of the API agree: the judge's inlined schemas, and openapi-core on the files."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse

from conformance.loader import load_standard
from conformance.model.wire import Exchange
from conformance.monitors import Contract
from tests.conformance.monitors.exchanges import good, with_reply
from tests.standard.api.document import FOLDER, ROOT

EXAMPLES = {f"{n}-{e.request.operation}-{e.reply.status}": e for n, e in enumerate(good())}
VALUES = st.sampled_from(
    [None, True, False, 0, 1, -1, 1.5, "", "x", " ", "2026-02-30", "0" * 64, [], [None], {}, {"zh": "x"}]
)


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract(load_standard(ROOT).api)


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> OpenAPI:
    """openapi-core on a copy of the files, in which the codes of each set are written out."""
    folder = tmp_path_factory.mktemp("api") / "api"
    shutil.copytree(FOLDER, folder)
    codes = {name: json.dumps(list(s.codes)) for name, s in load_standard(ROOT).codes.items()}
    for path in folder.rglob("*.yaml"):
        source = re.sub(
            r"x-code-set: ([a-z_]+)}", lambda m: f"enum: {codes[m[1]]}}}", path.read_text("utf-8")
        )
        path.write_text(source, "utf-8")
    return OpenAPI.from_file_path(str(folder / "platform.openapi.yaml"))


def accepts(peer: OpenAPI, exchange: Exchange) -> bool:
    reply = exchange.reply
    request = MockRequest("http://localhost", exchange.method.lower(), exchange.url.partition("?")[0])
    headers = {name.title(): value for name, value in reply.headers}
    response = MockResponse(reply.body, reply.status, headers, reply.media_type)
    try:
        peer.validate_response(request, response)
    except OpenAPIError:
        return False
    return True


def places(node: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield at
    parts = node.items() if isinstance(node, Mapping) else enumerate(node) if isinstance(node, list) else ()
    for name, part in parts:
        yield from places(part, (*at, name))


@st.composite
def spoilt(draw: st.DrawFn, body: Any) -> Any:
    """The body with one to three places replaced, removed or added to."""
    root = {"body": deepcopy(body)}
    for _ in range(draw(st.integers(1, 3))):
        *parents, last = ("body", *draw(st.sampled_from(list(places(root["body"])))))
        holder: Any = root
        for part in parents:
            holder = holder[part]
        match draw(st.sampled_from(["replace", "remove", "add"])):
            case "remove" if parents:
                del holder[last]
            case "add" if isinstance(holder[last], dict):
                holder[last]["added"] = deepcopy(draw(VALUES))
            case _:
                holder[last] = deepcopy(draw(VALUES))
    return root["body"]


@pytest.mark.parametrize("exchange", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_both_accept_the_good_examples(contract: Contract, peer: OpenAPI, exchange: Exchange) -> None:
    assert contract.observe(exchange) == ()
    assert accepts(peer, exchange)


@pytest.mark.parametrize("exchange", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_both_agree_on_spoilt_examples(contract: Contract, peer: OpenAPI, exchange: Exchange) -> None:
    @settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(spoilt(exchange.reply.json))
    def agree(body: Any) -> None:
        judged = with_reply(exchange, body=json.dumps(body, ensure_ascii=False).encode())
        assert (contract.observe(judged) == ()) == accepts(peer, judged)

    agree()
