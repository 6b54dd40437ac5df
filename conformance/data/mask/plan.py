"""Masking plans: a disclosure request compiled once, to a kind resolver and kernels for each field."""

from dataclasses import dataclass
from dataclasses import field as dc_field

from conformance.data.batch import Shape, Type
from conformance.data.mask.kernels.compile import kernels_of, operator_of
from conformance.data.mask.kernels.kernel import Keep, Kernel, Withhold
from conformance.data.mask.kernels.oracle import OracleKernel
from conformance.data.mask.kind_of_row import KindResolver, kind_resolver
from conformance.data.mask.request import SUBJECT_TYPE, DisclosureRequest
from conformance.model.shapes import Field, Kind
from conformance.oracles.validate import money_fields

_TYPES = {"string": Type.TEXT, "integer": Type.INTEGER, "boolean": Type.BOOLEAN}
_DROP, _KEEP, _TEXT, _TOKEN = "drop", "keep", "text", "token"


@dataclass(frozen=True)
class ColumnPlan:
    """The disclosure of one field of the rows."""

    request: DisclosureRequest
    field: Field
    resolver: KindResolver
    operators: dict[Kind, str]
    compiled: dict[tuple[Kind, bool], tuple[Kernel, ...]] = dc_field(default_factory=dict, compare=False)
    """Kernels by kind and content (True: the column holds text)."""

    def kernels(self, kind: Kind, *, text: bool) -> tuple[Kernel, ...]:
        """The kernels in a kind, in order of speed; the last is sure of every value.

        `text`: the column holds text, not numbers or truth values.
        """
        if (kind, text) not in self.compiled:
            self.compiled[kind, text] = self._compile(kind, text=text)
        return self.compiled[kind, text]

    def _compile(self, kind: Kind, *, text: bool) -> tuple[Kernel, ...]:
        if self.operators[kind] == _DROP:
            return (Withhold(),)
        if self.operators[kind] == _KEEP:
            return (Keep(),)
        rules = self.request.standard.desensitization
        oracle = OracleKernel(self.request, self.field, kind)
        if not text:
            return (oracle,)
        return *kernels_of(rules, rules.types[self.field.desensitization_type], kind), oracle

    def depends_on_names(self, kind: Kind) -> bool:
        """True if the disclosed values also depend on the names of the record's persons."""
        return self.operators[kind] == _TEXT and bool(self.request.name_fields)

    def is_pseudonymous(self, kind: Kind) -> bool:
        """True if the field is replaced by a pseudonym in this kind."""
        return self.operators[kind] == _TOKEN

    @property
    def always_raw(self) -> bool:
        """True if every row discloses the field unchanged."""
        constant = self.resolver.constant
        return constant is not None and self.operators[constant] == _KEEP


@dataclass(frozen=True)
class MaskPlan:
    """The disclosure of the rows of an item."""

    request: DisclosureRequest
    columns: tuple[ColumnPlan, ...]
    shape: Shape
    amounts: frozenset[str]
    """Columns that have to hold sound amounts before any condition can be decided."""
    objects: frozenset[str]
    """Fields that are not columns."""
    expressible: bool
    """True if kinds depend on columns only; otherwise every row is disclosed on its own."""

    @property
    def name_columns(self) -> tuple[str, ...]:
        """The columns that hold names of persons."""
        return tuple(name for name in self.request.name_fields if name in self.shape)

    @property
    def needs_key(self) -> bool:
        """True if the audience can get a pseudonym in place of a field of the item."""
        return any(
            column.field in self.request.item.fields and any(map(column.is_pseudonymous, kinds))
            for column in self.columns
            for kinds in [_possible_kinds(self.request, column.field)]
        )


def _possible_kinds(request: DisclosureRequest, field: Field) -> set[Kind]:
    """The kinds that a field can have for the audience."""
    rules = request.standard.desensitization
    classes = {field.sensitivity, *(c.sensitivity for c in field.class_when)}
    classes |= {rules.raised_by_subject.get(each, each) for each in classes}
    keys = [(each, request.audience) for each in classes]
    cells = [rules.cells[key] for key in keys if key in rules.cells]
    return {cell.none for cell in cells} | {cell.authorized for cell in cells}


def compile_plan(request: DisclosureRequest) -> MaskPlan:
    """The plan of a disclosure request."""
    envelope = request.envelope(natural=False).fields
    resolvers = [(f, kind_resolver(request, f, enveloping=False)) for f in request.item.fields]
    resolvers += [(f, kind_resolver(request, f, enveloping=True)) for f in envelope]
    conditional = any(f.class_when for f in request.item.fields)
    return MaskPlan(
        request,
        tuple(_column(request, f, resolver) for f, resolver in resolvers if resolver is not None),
        {SUBJECT_TYPE: Type.TEXT} | {f.name: type_ for f, _ in resolvers if (type_ := type_of(f))},
        money_fields(request.item) if conditional else frozenset(),
        frozenset(f.name for f, _ in resolvers if type_of(f) is None),
        all(resolver is not None for _, resolver in resolvers),
    )


def type_of(field: Field) -> Type | None:
    """The type of the column of a field; None: the field is an object, which is not a column."""
    return _TYPES.get(str(field.schema.get("type")))


def _column(request: DisclosureRequest, field: Field, resolver: KindResolver) -> ColumnPlan:
    rules = request.standard.desensitization.types[field.desensitization_type]
    return ColumnPlan(request, field, resolver, {kind: operator_of(rules, kind)["op"] for kind in Kind})
