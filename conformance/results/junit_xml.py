"""Common parts of all JUnit files: totals, and the characters that XML 1.0 allows."""

import re
from xml.etree.ElementTree import Element, indent, tostring

from conformance.messages.visible import visible

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def written(root: Element) -> str:
    """The file, with the numbers of all its suites."""
    set_totals(root, list(root))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def set_totals(target: Element, suites: list[Element]) -> None:
    """Number of test cases in the suites, by outcome."""
    cases = [case for suite in suites for case in suite.iter("testcase")]
    target.set("tests", str(len(cases)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        target.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
    target.set("time", f"{sum(float(case.get('time', '0')) for case in cases):.3f}")


def clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", visible(text))
