"""A checked delivery as JUnit XML: a suite for its files and one for each item, a test case for each rule."""

from xml.etree.ElementTree import Element, SubElement

from conformance.data.report.document import DeliveryDocument, FileEntry, ItemEntry, RuleEntry
from conformance.data.report.order import heading, places, rows
from conformance.messages import Messages, load_messages
from conformance.messages.visible import one_line
from conformance.model.text import Lang
from conformance.results.junit_xml import clean, set_totals, written
from conformance.results.number_format import count, share
from conformance.results.texts import words

DELIVERY, NO_ITEM = "delivery", "no-item"
PLACES_SHOWN = 10
_TAGS = {"failed": "failure", "not_verified": "error"}
_KNOWN = ("engine", "standard_version", "standard_digest", "suite_version", "as_of", "division")


def render_junit(document: DeliveryDocument, lang: Lang, messages: Messages | None = None) -> str:
    """JUnit XML for a checked delivery."""
    reader = _Reader(document, lang, messages or load_messages())
    root = Element("testsuites", name="fcsp")
    reader.delivery(root)
    for item in document.items:
        reader.item(root, item)
    return written(root)


class _Reader:
    """Renderer of a document as JUnit elements."""

    def __init__(self, document: DeliveryDocument, lang: Lang, messages: Messages) -> None:
        self.document = document
        self.lang = lang
        self.say = words(messages, lang)
        self.tell = words(messages, lang, "delivery")

    def suite(self, root: Element, name: str) -> Element:
        run = self.document.run
        suite = SubElement(root, "testsuite", name=clean(name), timestamp=run.started_at)
        properties = SubElement(suite, "properties")
        for member in _KNOWN:
            SubElement(properties, "property", name=member, value=clean(str(getattr(run, member))))
        return suite

    def delivery(self, root: Element) -> None:
        """Add the test suite of the delivery; everything unread is an error, as its verdict is unknown."""
        suite = self.suite(root, DELIVERY)
        files_with_problems = {problem.file for problem in self.document.problems}
        for problem in self.document.problems:
            self._error(self._case(suite, "files", problem.place), problem.what.in_(self.lang))
        for file in self.document.files:
            if file.name not in files_with_problems:
                self._file(self._case(suite, "files", file.name), file)
        completeness = self._case(suite, DELIVERY, "complete")
        if not self.document.complete:
            self._error(completeness, self.tell("unbegun"))
        row_presence = self._case(suite, DELIVERY, "rows")
        if not self.document.counts.rows:
            self._error(row_presence, self.tell("no_rows"))
        set_totals(suite, [suite])

    def _file(self, case: Element, file: FileEntry) -> None:
        if file.state != "read":
            self._error(case, self.tell("unreached" if file.state == "not_reached" else "unread"))
        else:
            SubElement(
                case, "system-out"
            ).text = f"{rows(file.rows, self.tell)}, {self.tell('label_bad')}: {count(file.bad)}"

    def item(self, root: Element, item: ItemEntry) -> None:
        suite = self.suite(root, item.code or NO_ITEM)
        for rule in item.rules:
            case = self._case(suite, item.code or NO_ITEM, rule.id)
            if tag := _TAGS.get(rule.verdict):
                outcome = SubElement(case, tag, type=rule.verdict, message=clean(self._headline(rule, item)))
                outcome.text = clean(self._details(rule, item))
            elif rule.rows:
                SubElement(case, "system-out").text = clean(self._details(rule, item))
        set_totals(suite, [suite])

    def _headline(self, rule: RuleEntry, item: ItemEntry) -> str:
        if not rule.rows:
            return self.tell("meaning_not_verified")
        many = f"{rows(rule.rows, self.tell)} ({share(rule.rows, item.rows)})"
        return f"{many}: {one_line(rule.text.in_(self.lang))}"

    def _details(self, rule: RuleEntry, item: ItemEntry) -> str:
        title = rule.title.in_(self.lang) if rule.title else rule.member or "-"
        lines = [
            heading(item, self.lang, self.tell),
            f"{self.tell('label_member')}: {one_line(title)}",
            f"{self.tell('label_asks')}: {one_line(rule.text.in_(self.lang))}",
            f"{self.tell('label_bad')}: {count(rule.rows)} / {count(item.rows)}",
        ]
        return "\n".join([*lines, *(f"- {place}" for place in places(self.document, rule, PLACES_SHOWN))])

    @staticmethod
    def _case(suite: Element, group: str, name: str) -> Element:
        return SubElement(suite, "testcase", classname=clean(group), name=clean(one_line(name)), time="0.000")

    @staticmethod
    def _error(case: Element, text: str) -> None:
        SubElement(case, "error", type="not_verified", message=clean(one_line(text)))
