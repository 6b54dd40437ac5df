"""The result document as JUnit XML: one suite per part, one test case per case."""

from xml.etree.ElementTree import Element, SubElement

from conformance.messages import Messages, load_messages
from conformance.model.text import Lang
from conformance.results.document import CaseEntry, PartEntry, ResultDocument
from conformance.results.junit_xml import clean, set_totals, written
from conformance.results.texts import words

# What stays unproven is an error to a pipeline: a skip would look green.
_TAGS = {
    "failed": "failure",
    "errored": "error",
    "inconclusive": "error",
    "not_verified": "error",
    "not_applicable": "skipped",
    "not_effective": "skipped",
    "manual": "skipped",
}


def render_junit(document: ResultDocument, lang: Lang, messages: Messages | None = None) -> str:
    root = Element("testsuites", name="fcsp")
    reader = _Reader(document, lang, messages or load_messages())
    for part in document.parts:
        _suite(root, part, reader)
    return written(root)


class _Reader:
    """The parts of the document a test case needs, by id."""

    def __init__(self, document: ResultDocument, lang: Lang, messages: Messages) -> None:
        self.lang = lang
        self.say = words(messages, lang)
        self.run = document.run
        self.requirements = {entry.id: entry for entry in document.requirements}
        self.cases = {entry.id: entry for entry in document.cases}

    def cases_of(self, part: PartEntry) -> list[CaseEntry]:
        ids = [case for id_ in part.requirements for case in self.requirements[id_].cases]
        return [self.cases[id_] for id_ in ids if id_ in self.cases]


def _suite(root: Element, part: PartEntry, reader: _Reader) -> None:
    suite = SubElement(root, "testsuite", name=part.id, timestamp=reader.run.started_at)
    properties = SubElement(suite, "properties")
    for name in (
        "base_url",
        "profile",
        "standard_version",
        "standard_digest",
        "suite_version",
        "seed",
        "nonce",
        "as_of",
    ):
        SubElement(properties, "property", name=name, value=clean(str(getattr(reader.run, name))))
    for case in reader.cases_of(part):
        _case(suite, case, reader)
    set_totals(suite, [suite])


def _case(suite: Element, case: CaseEntry, reader: _Reader) -> None:
    name = case.id.partition("/")[2] or case.id
    seconds = f"{case.duration_seconds:.3f}"
    element = SubElement(suite, "testcase", classname=case.requirement, name=clean(name), time=seconds)
    verdict = case.verdict
    if tag := _TAGS.get(verdict):
        outcome = SubElement(element, tag, type=verdict, message=clean(_headline(case, reader)))
        outcome.text = clean(_details(case, reader))
    elif case.findings:
        SubElement(element, "system-out").text = clean(_details(case, reader))


def _headline(case: CaseEntry, reader: _Reader) -> str:
    why = reader.requirements[case.requirement].why
    texts = [finding.message for finding in case.findings] or ([why] if why else [])
    return texts[0].text.in_(reader.lang) if texts else reader.say(f"verdict_{case.verdict}")


def _details(case: CaseEntry, reader: _Reader) -> str:
    requirement = reader.requirements[case.requirement]
    lines = [f"{requirement.id} {requirement.sentence.in_(reader.lang)}"]
    for finding in case.findings:
        lines += [
            f"- {finding.message.text.in_(reader.lang)}",
            f"  {reader.say('label_where')}: {finding.where or '-'}",
            f"  {reader.say('label_expected')}: {finding.expected!r}",
            f"  {reader.say('label_actual')}: {finding.actual!r}",
            f"  {reader.say('label_fault')}: {reader.say('fault_' + finding.fault)}",
        ]
    lines += [
        f"{reader.say('label_remediation')}: {requirement.remediation.in_(reader.lang)}",
        case.reproduce,
    ]
    return "\n".join(lines)
