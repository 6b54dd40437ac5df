"""The files of a standard, read once: values with lines, what could not be read, and one digest."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from conformance.loader.files import Document, Pointer, pointer_text, read_document
from conformance.loader.problem import FileErrors, Problem
from conformance.model.text import Message

Made = TypeVar("Made")
EXAMPLES = "schemas/examples/"
"""Examples are wrong on purpose in part, so they are no part of what is read as the standard."""


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """Everything that was read below a root."""

    root: Path
    documents: Mapping[str, Document]
    """By path below the root, with slashes."""
    problems: tuple[Problem, ...]
    digest: str
    made: dict[Any, Any] = field(default_factory=dict, repr=False)

    def once(self, make: "Callable[[Tree], Made]") -> Made:
        """Result of `make` for the tree, computed at the first call and kept with it."""
        if make not in self.made:
            self.made[make] = make(self)
        made: Made = self.made[make]
        return made

    def value(self, file: str, default: Any = None) -> Any:
        """The value of a file; the default where it is missing, empty or broken."""
        document = self.documents.get(file)
        return default if document is None or document.value is None else document.value

    def below(self, folder: str) -> Iterator[tuple[str, Any]]:
        """The files directly in a folder with their values, in order."""
        for file in sorted(self.documents):
            if file.rpartition("/")[0] == folder:
                yield file, self.documents[file].value

    @property
    def broken(self) -> frozenset[str]:
        """Files with problems; what refers to them cannot be judged."""
        return frozenset(p.file for p in self.problems)

    def without(self, problems: Iterable[Problem]) -> "Tree":
        """The tree without the files that have these problems."""
        all_problems = (*self.problems, *problems)
        if not all_problems:
            return self
        files = {p.file for p in all_problems}
        documents = {file: d for file, d in self.documents.items() if file not in files}
        return Tree(self.root, documents, all_problems, self.digest)

    def problem(self, file: str, at: Pointer, record: str, message: Message) -> Problem:
        """A problem at a place of a file that was read."""
        document = self.documents.get(file)
        line = document.line(at) if document else None
        return Problem(file, pointer_text(at), record, message, line)


def read_tree(root: Path) -> Tree:
    """Read every YAML file of the standard; what is broken is noted and does not stop the rest."""
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for path in _files(root, ".yaml"):
        name = path.relative_to(root).as_posix()
        if name.startswith(EXAMPLES):
            continue
        try:
            documents[name] = read_document(path, name)
        except FileErrors as errors:
            problems.extend(errors.problems)
    return Tree(root, documents, tuple(problems), _digest(root))


def _files(root: Path, *suffixes: str) -> list[Path]:
    paths = (p for part in ("standard", "schemas") for p in (root / part).rglob("*"))
    return sorted(
        (p for p in paths if p.suffix in suffixes and p.is_file()),
        key=lambda p: p.relative_to(root).as_posix(),
    )


def _digest(root: Path) -> str:
    """SHA-256 over path and bytes of each YAML and Markdown file, with lengths, so that nothing can shift."""
    digest = sha256()
    for path in _files(root, ".yaml", ".md"):
        name, content = path.relative_to(root).as_posix().encode(), path.read_bytes()
        for part in (name, content):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()
