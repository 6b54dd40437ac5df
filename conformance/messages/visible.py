"""Control characters made visible: text of a platform that cannot act on the reader's screen."""

import re

# Control characters, bidirectional overrides, zero-width and unpaired surrogates: with them a platform
# could forge or scramble what a reader sees. Line feed and tab stay.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def visible(text: str) -> str:
    """The text with characters that would act on the screen replaced by their JSON escapes."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def one_line(text: str) -> str:
    """The visible text on one line: line feeds and tabs escaped, so that a file name cannot fake a line."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")
