"""Sample pages over the real standard, to be looked at.

Run `python -m tests.conformance.results.gallery FOLDER`.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from conformance.loader import load_standard
from conformance.model.judgement import Case, Finding, Result, Verdict
from conformance.model.run import Run
from conformance.model.standard import Standard, Verification
from conformance.model.text import Lang, Message
from conformance.model.wire import ClientToken, Exchange, Reply, Request
from conformance.results import render_html, result_document
from conformance.verdict import exit_code, roll_up
from tests.conformance.results import sample

_USUAL = [Verdict.PASSED] * 12 + [Verdict.FAILED, Verdict.WARNED, Verdict.NOT_VERIFIED]
_REPLY = (
    '{"query_id":"q-7f3a","channel":"query","results":[{"item_code":"F02-01","status":"ok","authorization_id":null,'
    '"records":[{"record_id":"r-1","fields":{"person_name":{"form":"raw","value":"{planted:4}"}}}]}]}'
)


def results(standard: Standard) -> Iterator[Result]:
    random = Random(3)
    for requirement in standard.requirements.values():
        if requirement.verification is not Verification.TEST:
            yield Result(Case(requirement.id, "manual"), Verdict.MANUAL)
            continue
        verdict = random.choice(_USUAL)
        for number in range(random.choice((1, 1, 2, 14))):
            case = Case(requirement.id, "the_fact_that_holds", f"F02-{number + 1:02d}")
            yield _result(case, verdict if number < 3 else Verdict.PASSED)


def _result(case: Case, verdict: Verdict) -> Result:
    if verdict is Verdict.PASSED:
        return Result(case, verdict, duration=0.1)
    message = Message("expect.equal", {"where": "reply.body/results/0/status"})
    finding = Finding(message, 2, "reply.body/results/0/status", "not_authorized", "ok")
    headers = (("content-type", "application/json"), ("date", "Fri, 20 Nov 2026 08:00:01 GMT"))
    query_body = {
        "subject": {"type": "enterprise"},
        "items": ["F02-01"],
        "purpose": "pre_loan",
        "authorizations": [],
    }
    admission = Request("putInstitution", body={"name": "x"}, credential=ClientToken("fcsp-hub", "hub"))
    query = Request("createQuery", body=query_body, credential=ClientToken("91990100XT", "institution-1"))
    steps = (
        Exchange(
            1,
            admission,
            "PUT",
            "/v1/institutions/91990100XT",
            Reply(201, headers, b'{"status":"active"}', 0.01, 1),
        ),
        Exchange(2, query, "POST", "/v1/queries", Reply(200, headers, _REPLY.encode(), 0.02, 2)),
    )
    return Result(case, verdict, (finding,), steps, 0.2)


def main(folder: Path) -> None:
    standard = load_standard()
    case_results = tuple(results(standard))
    rolled = roll_up(standard, case_results)
    name = {"name": {"zh": "示例省融资信用服务平台", "en": "Financing-credit platform of Example Province"}}
    info = sample.info(platform={**name, "operator": {"name": "示例信用服务有限公司"}}, profile="provincial")
    document = result_document(Run(info, case_results, rolled, int(exit_code(rolled))), standard)
    folder.mkdir(parents=True, exist_ok=True)
    for lang in Lang:
        (folder / f"report.{lang}.html").write_text(render_html(document, lang), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
