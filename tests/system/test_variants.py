"""Platforms that obey in another style are judged good too: what the standard leaves open is right."""

from dataclasses import replace

import pytest

from conformance.model.judgement import Verdict
from conformance.runner import Selection
from conformance.selftest.fork_server import Nursery
from conformance.selftest.trial import Suite
from reference_impl.variants import VARIANTS

GOOD = {Verdict.PASSED, Verdict.NOT_APPLICABLE, Verdict.MANUAL}
MOST = 1
"""Cases of each check; `make selftest` runs all of them."""
JOBS = 12
"""More than usual: a platform that takes its time is waited for by many at once."""


@pytest.mark.parametrize("name", VARIANTS)
def test_every_style_conforms(suite: Suite, nursery: Nursery, name: str) -> None:
    several = replace(suite, jobs=JOBS, serve=nursery.platform)
    results = list(several.judge(["--variant", name], Selection(most=MOST)))
    assert results
    assert {r.case.id: (r.verdict, r.findings) for r in results if r.verdict not in GOOD} == {}
