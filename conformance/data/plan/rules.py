"""Terms for CEL expressions of the closed subset."""

from collections.abc import Mapping
from typing import Any as Json

from conformance.data.batch import Shape, Type
from conformance.data.plan import ast
from conformance.data.plan.ast import InexpressibleError, Operand, Term

_TRANSPARENT = frozenset(
    {"expr", "conditionalor", "conditionaland", "relation", "addition", "multiplication", "unary"}
    | {"member", "primary", "paren_expr"}
)
_OPERATORS: Mapping[str, str] = {
    "relation_eq": "==",
    "relation_ne": "!=",
    "relation_lt": "<",
    "relation_le": "<=",
    "relation_gt": ">",
    "relation_ge": ">=",
}
_SIGNS = {"addition_add": 1, "addition_sub": -1}


def of_rule(expression: str, shape: Shape) -> Term:
    """Term for a rule over rows of the shape. Raises InexpressibleError."""
    import celpy
    from celpy.celparser import CELParseError

    try:
        tree = celpy.Environment().compile(expression)
    except CELParseError as error:
        raise InexpressibleError(expression) from error
    return _Reader(shape).term(tree)


class _Reader:
    """Translator of CEL syntax trees over the members of a shape."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape

    def term(self, node: Json) -> Term:  # noqa: PLR0911  # one for each kind of node
        node = _strip(node)
        match node.data:
            case "conditionaland":
                return ast.All(tuple(self.term(child) for child in node.children))
            case "conditionalor":
                return ast.Any(tuple(self.term(child) for child in node.children))
            case "unary" if _strip(node.children[0]).data == "unary_not":
                return ast.Not(self.term(node.children[1]))
            case "relation":
                return self._relation(node)
            case "ident_arg" if str(node.children[0]) == "has":
                return ast.Has(self._field(node.children[1].children[0], "record"))
            case "literal":
                return ast.Constant(self._literal(node) is True)
            case _:
                return self._boolean(node)

    def _boolean(self, node: Json) -> Term:
        field = self._field(node, "record")
        if self.shape[field] is not Type.BOOLEAN:
            raise InexpressibleError(str(node.data))
        return ast.Compare("==", ast.Value(field), ast.Literal(value=True))

    def _relation(self, node: Json) -> Term:
        head, right = node.children
        left = self.operand(head.children[0])
        if head.data == "relation_in":
            return ast.Among(left, self._list(_strip(right)))
        if head.data not in _OPERATORS:
            raise InexpressibleError(str(head.data))
        return ast.Compare(_OPERATORS[head.data], left, self.operand(right))

    def _list(self, node: Json) -> tuple[str | int, ...]:
        if node.data != "list_lit":
            raise InexpressibleError("in")
        parts = [part for child in node.children for part in child.children]
        return tuple(self._literal(_strip(part)) for part in parts)

    def operand(self, node: Json) -> Operand:
        node = _strip(node)
        if node.data == "addition":
            return ast.Sum(tuple(self._parts(node, 1)))
        if node.data == "literal":
            return ast.Literal(self._literal(node))
        root, field = self._path(node)
        if field not in self.shape:
            raise InexpressibleError(f"{root}.{field}")
        return ast.Cents(field) if root == "record_cents" else ast.Value(field)

    def _parts(self, node: Json, sign: int) -> list[tuple[int, Operand]]:
        node = _strip(node)
        if node.data != "addition":
            return [(sign, self.operand(node))]
        head, right = node.children
        if head.data not in _SIGNS:
            raise InexpressibleError(str(head.data))
        return [*self._parts(head.children[0], sign), *self._parts(right, sign * _SIGNS[head.data])]

    def _field(self, node: Json, wanted: str) -> str:
        root, field = self._path(_strip(node))
        if root != wanted or field not in self.shape:
            raise InexpressibleError(f"{root}.{field}")
        return field

    def _path(self, node: Json) -> tuple[str, str]:
        if node.data != "member_dot":
            raise InexpressibleError(str(node.data))
        base = _strip(node.children[0])
        if base.data != "ident":
            raise InexpressibleError(str(base.data))
        return str(base.children[0]), str(node.children[1])

    def _literal(self, node: Json) -> str | int | bool:
        from celpy.evaluation import celstr

        if node.data != "literal":
            raise InexpressibleError(str(node.data))
        token = node.children[0]
        match token.type:
            case "BOOL_LIT":
                return str(token) == "true"
            case "INT_LIT":
                return int(token)
            case "STRING_LIT":
                return str(celstr(token))
            case _:
                raise InexpressibleError(str(token))


def _strip(node: Json) -> Json:
    while node.data in _TRANSPARENT and len(node.children) == 1 and hasattr(node.children[0], "data"):
        node = node.children[0]
    return node
