"""One term for one thing: the term base holds in the standard, all messages and the Chinese documents."""

from collections.abc import Iterator

import pytest
import yaml

from conformance.loader import load_standard
from conformance.model.standard import Standard
from conformance.model.text import Lang
from conformance.model.wording import forbidden_variants
from tests.repository.tracked import ROOT, shown, tracked


@pytest.fixture(scope="module")
def standard() -> Standard:
    return load_standard(ROOT)


def messages() -> Iterator[tuple[str, Lang, str]]:
    """Each text of the message registry, with its key and language."""
    for path in tracked("conformance/messages/*.yaml"):
        for key, texts in yaml.safe_load(path.read_text("utf-8")).items():
            for lang in Lang:
                for text in leaves(texts[lang]):
                    yield f"{path.stem}.{key}", lang, text


def leaves(value: object) -> Iterator[str]:
    """The texts of a message: one, or a frame with its plural forms."""
    if isinstance(value, dict):
        for part in value.values():
            yield from leaves(part)
    else:
        yield str(value)


def test_messages_use_the_terms_of_the_standard(standard: Standard) -> None:
    texts = list(messages())
    assert len(texts) > 600
    terms = tuple(standard.terms.values())
    wrong = [(key, found) for key, lang, text in texts for found in forbidden_variants(text, lang, terms)]
    assert wrong == []


def test_chinese_documents_use_the_terms_of_the_standard(standard: Standard) -> None:
    pages = tracked("standard/*.md", "*.zh-CN.md", "docs/*.zh-CN.md")
    assert len(pages) > 10
    terms = tuple(standard.terms.values())
    wrong = [
        (shown(page), found)
        for page in pages
        for found in forbidden_variants(page.read_text("utf-8"), Lang.ZH, terms)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "lang", "variants"),
    [
        ("平台应答复 404", Lang.ZH, []),
        ("平台的应答没有首部", Lang.ZH, ["应答"]),
        ("平台应答复，应答中没有首部", Lang.ZH, ["应答"]),
        ("平台应使答复不被缓存", Lang.ZH, ["应使"]),
        ("the response has no header", Lang.EN, ["response"]),
        ("nobody is responsible for it", Lang.EN, []),
    ],
)
def test_a_variant_is_found_and_a_mere_overlap_is_not(
    standard: Standard, text: str, lang: Lang, variants: list[str]
) -> None:
    found = forbidden_variants(text, lang, standard.terms.values())
    assert [variant.text for variant in found] == variants
