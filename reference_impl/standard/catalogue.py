"""The catalogue: the checklist with its versions, code sets, test identities and rules, as frozen values."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from reference_impl.china_time import CHINA
from reference_impl.desensitization import Desensitization
from reference_impl.standard.desensitization import read_desensitization
from reference_impl.standard.editions import Edition, accepted, in_force, read_editions
from reference_impl.standard.items import Check, ItemSpec
from reference_impl.standard.rejections import WHOLE, Rejection, Text, rejections, unsound_members
from reference_impl.standard.schemas import Codes, Compiler
from reference_impl.standard.source import StandardError, read

NO_CODE_SETS = frozenset({"reserved", "calendar"})


def today() -> date:
    """The day in China."""
    return datetime.now(CHINA).date()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The standard as a platform uses it."""

    standard_version: str
    status: Text
    editions: tuple[Edition, ...]
    """Versions of the checklist, from the oldest to the newest."""
    transition_days: int
    codes: Codes
    reserved: Mapping[str, Any]
    calendar: Mapping[str, Any]
    desensitization: Desensitization
    check_envelope: Check
    texts: Mapping[str, Text]
    today: Callable[[], date] = today
    choose: Callable[[Sequence[Edition], date], Edition] = in_force
    accept: Callable[[Sequence[Edition], date, int], tuple[Edition, ...]] = accepted

    @property
    def current(self) -> Edition:
        """The version in force today."""
        return self.choose(self.editions, self.today())

    @property
    def version(self) -> str:
        return self.current.version

    @property
    def items(self) -> Mapping[str, ItemSpec]:
        """The items of the version in force."""
        return self.current.items

    def knows(self, code: str) -> bool:
        return code in self.items

    def edition(self, version: str) -> Edition | None:
        return next((edition for edition in self.editions if edition.version == version), None)

    def governing(self, record: Mapping[str, Any]) -> Edition:
        """The version by which a record is judged: the one it names where that is accepted today."""
        usable = self.accept(self.editions, self.today(), self.transition_days)
        named = record.get("checklist_version")
        return next((edition for edition in usable if edition.version == named), self.current)

    def validate_record(self, record: object) -> tuple[Rejection, ...]:
        """All faults of a delivered record: envelope, then what it says of itself, then its content."""
        faults = self.check_envelope(record)
        unsound = unsound_members(faults)
        if not isinstance(record, dict) or WHOLE in unsound:
            return faults
        sound = {name: value for name, value in record.items() if name not in unsound}
        return faults + tuple(self._misfits(sound, self.governing(sound)))

    def _misfits(self, record: Mapping[str, Any], edition: Edition) -> Iterator[Rejection]:
        """`record` holds the members of the envelope that are sound by themselves."""
        if record.get("checklist_version", edition.version) != edition.version:
            yield self._rejection("checklist_version", "/checklist_version")
        if "item_code" not in record:
            return
        item = edition.items.get(record["item_code"])
        if item is None:
            yield self._rejection("unknown_item", "/item_code")
            return
        if "subject" in record and record["subject"]["type"] not in item.subject_types:
            yield self._rejection("unknown_subject_type", "/subject/type")
        if "content" in record:
            yield from (_inside(r) for r in item.validate(record["content"]))

    def _rejection(self, code: str, pointer: str) -> Rejection:
        return Rejection(code, pointer, None, self.texts[code])


def load(root: Path, division: str | None = None) -> Catalogue:
    """Read the standard below `root`; with a division, what its province adds is part of it."""
    schemas = root / "schemas"
    codes = _codes(schemas / "codes")
    texts = {code: row["title"] for code, row in codes["rejection_reason"].items()}
    compiler = Compiler(read(schemas / "elements.yaml"), codes)
    national = read(schemas / "checklist" / "national.yaml")
    editions = read_editions(schemas, national, division, compiler, texts)
    envelope = compiler.compile(read(schemas / "checklist" / "record.yaml"), "checklist/record.yaml")
    items = [item for edition in editions for item in edition.items.values()]
    return Catalogue(
        standard_version=read(root / "standard" / "standard.yaml")["version"],
        status=national["status"],
        editions=editions,
        transition_days=national["transition"]["days"],
        codes=codes,
        reserved=read(schemas / "codes" / "reserved.yaml"),
        calendar=read(schemas / "codes" / "calendar.yaml"),
        desensitization=_known_types(read_desensitization(schemas / "desensitization", codes), items),
        check_envelope=lambda record: rejections(envelope, record, texts),
        texts=texts,
    )


def _codes(folder: Path) -> Codes:
    sets = [read(path) for path in sorted(folder.glob("*.yaml")) if path.stem not in NO_CODE_SETS]
    return {data["id"]: {row["code"]: row for row in data["codes"]} for data in sets}


def _known_types(rules: Desensitization, items: list[ItemSpec]) -> Desensitization:
    used = {field.desensitization_type for item in items for field in item.fields}
    if unknown := used - rules.types.keys():
        raise StandardError(f"unknown desensitization types {sorted(unknown)}")
    return rules


def _inside(rejection: Rejection) -> Rejection:
    return Rejection(rejection.code, f"/content{rejection.pointer}", rejection.rule, rejection.message)
