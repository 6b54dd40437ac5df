"""The closed subset of CEL that this standard allows: which constructs, which fields, each access guarded."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.model.text import Message

Path = tuple[str, ...]
Facts = frozenset[Path]

_TRANSPARENT = frozenset(
    {"expr", "conditionalor", "conditionaland", "relation", "addition", "multiplication", "unary"}
    | {"member", "primary", "paren_expr"}
)
"""Nodes that mean nothing when they have a single child."""
_ORDER = frozenset({"relation_lt", "relation_le", "relation_gt", "relation_ge"})
_COMPARE = _ORDER | {"relation_eq", "relation_ne"}
_MOST_TERMS = 8
"""Eight amounts of the longest kind, in cents, stay within 64 bits."""
_LITERALS = {"STRING_LIT": "string", "INT_LIT": "integer", "BOOL_LIT": "boolean"}


@dataclass(frozen=True, slots=True)
class Variable:
    """A field an expression may read: its JSON type, its shape, and whether it is always there."""

    type: str
    format: str = ""
    """Its format, or `length <n>` where all values have one length."""
    required: bool = False


Variables = Mapping[Path, Variable]


def check_expression(source: str, variables: Variables) -> list[Message]:
    """Everything that is wrong with an expression; empty if nothing is."""
    import celpy
    from celpy.celparser import CELParseError

    try:
        tree = celpy.Environment().compile(source)
    except CELParseError:
        return [Message("loader.cel_syntax", {"expression": source})]
    checker = _Checker(variables)
    messages = [*checker.visit(tree, checker.always), *checker.must_be("boolean", tree)]
    return [message for n, message in enumerate(messages) if message not in messages[:n]]


class _Checker:
    """Walks an expression, with the fields known to be present at each point."""

    def __init__(self, variables: Variables) -> None:
        self.variables = variables
        self.always: Facts = frozenset(_home(path) for path, v in variables.items() if v.required)

    def visit(self, node: Any, present: Facts) -> Iterator[Message]:
        node = _strip(node)
        match node.data:
            case "conditionaland" | "conditionalor":
                yield from self._both(node, present)
            case "relation":
                yield from self._relation(node, present)
            case "addition":
                yield from self._sum(node, present)
            case "unary" if _strip(node.children[0]).data == "unary_not":
                yield from self.visit(node.children[1], present)
                yield from self.must_be("boolean", node.children[1])
            case "ident_arg":
                yield from self._has(node, present)
            case "literal":
                if node.children[0].type not in _LITERALS:
                    yield _outside(str(node.children[0]))
            case _:
                yield from self._access(node, present)

    def _both(self, node: Any, present: Facts) -> Iterator[Message]:
        left, right = node.children if len(node.children) == 2 else (None, None)
        if left is None:
            yield _outside("?:")
            return
        yield from self.visit(left, present)
        conjunction = node.data == "conditionaland"
        yield from self.visit(right, present | _facts(left, when=conjunction))
        yield from self.must_be("boolean", left)
        yield from self.must_be("boolean", right)

    def _relation(self, node: Any, present: Facts) -> Iterator[Message]:
        head, right = node.children
        left = head.children[0]
        yield from self.visit(left, present)
        if head.data == "relation_in":
            yield from self._membership(left, _strip(right), present)
        elif head.data in _COMPARE:
            yield from self.visit(right, present)
            yield from self._comparison(head.data, left, right)
        else:
            yield _outside(head.data)

    def _sum(self, node: Any, present: Facts) -> Iterator[Message]:
        """Sums and differences of whole numbers, so few that no engine runs over."""
        terms = list(_terms(node))
        if len(terms) > _MOST_TERMS:
            yield _outside(f"+ - ({len(terms)} > {_MOST_TERMS})")
        for term in terms:
            yield from self.visit(term, present)
            yield from self.must_be("integer", term)

    def _membership(self, left: Any, right: Any, present: Facts) -> Iterator[Message]:
        expected = self.type_of(left)[0]
        if right.data != "list_lit":
            yield from self.visit(right, present)
            yield from self.must_be("array", right)
            return
        types = {_literal_type(part) or "unknown" for part in _elements(right)}
        if "unknown" in types:
            yield _outside("in [...]")
        elif expected != "unknown" and types - {expected}:
            yield Message("loader.cel_types", {"left": expected, "right": ", ".join(sorted(types))})

    def _comparison(self, operator: str, left: Any, right: Any) -> Iterator[Message]:
        left_type, right_type = self.type_of(left), self.type_of(right)
        types = {left_type[0], right_type[0]} - {"unknown"}
        if len(types) > 1:
            yield Message("loader.cel_types", {"left": left_type[0], "right": right_type[0]})
        elif operator in _ORDER:
            yield from self._order(left_type, right_type)

    def _order(self, left_type: tuple[str, str], right_type: tuple[str, str]) -> Iterator[Message]:
        """Integers have an order, and texts of one shape, as ISO dates are; amounts and names have none."""
        if "decimal" in (left_type[1], right_type[1]):
            yield Message("loader.cel_decimal", {})
        elif left_type[0] not in ("string", "integer", "unknown"):
            yield Message("loader.cel_order", {"type": left_type[0]})
        elif left_type[0] == "string" and (not left_type[1] or left_type[1] != right_type[1]):
            yield Message("loader.cel_shapes", {"left": left_type[1] or "-", "right": right_type[1] or "-"})

    def _has(self, node: Any, present: Facts) -> Iterator[Message]:
        if str(node.children[0]) != "has":
            yield Message("loader.cel_function", {"name": str(node.children[0])})
            return
        path = _argument(node)
        if path is None or len(path) < 2:
            yield _outside("has")
        elif not self._declared(path):
            yield Message("loader.cel_field", {"name": ".".join(path)})
        elif len(path) > 2 and _home(path[:-1]) not in present:
            yield Message("loader.cel_guard", {"name": ".".join(path[:-1])})

    def _access(self, node: Any, present: Facts) -> Iterator[Message]:
        path = _path(node)
        if path is None:
            yield _outside(str(node.data))
        elif not self._declared(path):
            yield Message("loader.cel_field", {"name": ".".join(path)})
        elif _home(path) not in present:
            yield Message("loader.cel_guard", {"name": ".".join(path)})

    def _declared(self, path: Path) -> bool:
        return path in self.variables

    def must_be(self, wanted: str, node: Any) -> Iterator[Message]:
        found = self.type_of(node)[0]
        if found not in (wanted, "unknown"):
            yield Message("loader.cel_types", {"left": found, "right": wanted})

    def type_of(self, node: Any) -> tuple[str, str]:
        """JSON type and format of what an expression yields, as far as they are known."""
        node = _strip(node)
        literal = _literal_type(node)
        if literal:
            return literal, _shape(str(node.children[0])[1:-1]) if literal == "string" else ""
        variable = self.variables.get(_path(node) or ())
        if variable:
            return variable.type, variable.format
        if node.data == "addition":
            return "integer", ""
        boolean = node.data in ("conditionaland", "conditionalor", "relation", "unary")
        return ("boolean", "") if boolean else ("unknown", "")


def _terms(node: Any) -> Iterator[Any]:
    """Terms of a sum, left to right; a sum in parentheses counts term by term."""
    node = _strip(node)
    if node.data != "addition":
        yield node
        return
    head, right = node.children
    yield from _terms(head.children[0])
    yield from _terms(right)


def _strip(node: Any) -> Any:
    while node.data in _TRANSPARENT and len(node.children) == 1 and hasattr(node.children[0], "data"):
        node = node.children[0]
    return node


def _facts(node: Any, *, when: bool) -> Facts:
    """The fields that are present whenever the expression is `when`."""
    node = _strip(node)
    if node.data == "ident_arg" and when:
        path = _argument(node)
        return frozenset({_home(path)}) if path else frozenset()
    if node.data == "unary" and _strip(node.children[0]).data == "unary_not":
        return _facts(node.children[1], when=not when)
    if node.data in ("conditionaland", "conditionalor") and len(node.children) == 2:
        left, right = (_facts(child, when=when) for child in node.children)
        return left | right if (node.data == "conditionaland") is when else left & right
    return frozenset()


def _home(path: Path) -> Path:
    """Amounts in cents are there exactly when the amount itself is."""
    return ("record", *path[1:]) if path[:1] == ("record_cents",) else path


def _argument(node: Any) -> Path | None:
    parts = _elements(node)
    return _path(parts[0]) if len(parts) == 1 else None


def _elements(node: Any) -> list[Any]:
    return [
        part for child in node.children if getattr(child, "data", "") == "exprlist" for part in child.children
    ]


def _path(node: Any) -> Path | None:
    """`record.name` as a path; None for anything else."""
    node = _strip(node)
    if node.data == "ident":
        return (str(node.children[0]),)
    if node.data == "member_dot":
        before = _path(node.children[0])
        return (*before, str(node.children[1])) if before else None
    return None


def _literal_type(node: Any) -> str | None:
    node = _strip(node)
    return _LITERALS.get(node.children[0].type) if node.data == "literal" else None


def _shape(literal: str) -> str:
    """The format of a literal, in the words of the fields it is compared with."""
    shapes = (("calendar-date", r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), ("year-month", r"[0-9]{6}"))
    return next(
        (name for name, pattern in shapes if re.fullmatch(pattern, literal)), f"length {len(literal)}"
    )


def _outside(construct: str) -> Message:
    return Message("loader.cel_subset", {"construct": construct})
