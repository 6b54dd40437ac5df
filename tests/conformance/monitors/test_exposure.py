"""What replies must not show: stacks and statements in errors, lax caching, versions."""

import pytest

from conformance.model.standard import Standard
from conformance.monitors import Hardened, Inside, NoStore
from tests.conformance.monitors.exchanges import failure, problem, query, with_header, without_header

TRACES = (
    "Traceback (most recent call last):",
    'File "app.py", line 12',
    "at com.example.Service.run(Service.java:42)",
    "java.lang.NullPointerException",
    "System.NullReferenceException",
    "goroutine 7 [running]",
    "ORA-00942",
    "SELECT name FROM persons WHERE id = ?",
    "/usr/lib/platform/main.py",
)
HARMLESS = (
    "The request cannot be parsed.",
    "请从目录中选择信息项（select an item from the catalog）。",
    "the update of this record conflicts with the present state",
    "https://help.example.invalid/var/errors.html",
)


@pytest.mark.parametrize("trace", TRACES)
def test_traces_of_the_inside_are_found(trace: str) -> None:
    told = failure({**problem("internal_error", 500), "detail": trace}, 500)
    found = Inside().observe(told)
    assert found
    assert [finding.where for finding in found] == ["reply.body"]


@pytest.mark.parametrize("text", HARMLESS)
def test_plain_words_are_none(text: str) -> None:
    assert Inside().observe(failure({**problem("internal_error", 500), "detail": text}, 500)) == ()


def test_success_is_not_looked_at_for_traces() -> None:
    assert Inside().observe(query()) is None


@pytest.mark.parametrize("said", ["", "private, max-age=60", "no-cache", "max-age=0, must-revalidate"])
def test_whatever_lets_caches_keep_a_reply_is_found(standard: Standard, said: str) -> None:
    assert NoStore(standard.api).observe(with_header(query(), "cache-control", said))


@pytest.mark.parametrize("said", ["no-store", "private, no-store", "No-Store,max-age=0"])
def test_no_store_is_enough(standard: Standard, said: str) -> None:
    assert NoStore(standard.api).observe(with_header(query(), "cache-control", said)) == ()


def test_headers_are_hardened() -> None:
    assert Hardened().observe(query()) == ()
    assert Hardened().observe(with_header(query(), "server", "platform")) == ()
    assert Hardened().observe(with_header(query(), "server", "nginx/1.25.3"))
    assert Hardened().observe(without_header(query(), "x-content-type-options"))
