"""Reads `schemas/desensitization` and refuses what the closed set of operators does not know."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs

from reference_impl.desensitization import Cell, Desensitization, OperatorCall, Tables, TypeRule
from reference_impl.desensitization.tables import division
from reference_impl.standard.schemas import Codes
from reference_impl.standard.source import StandardError, read


def read_desensitization(folder: Path, codes: Codes) -> Desensitization:
    operators = read(folder / "operators.yaml")
    matrix = read(folder / "disclosure.yaml")
    described = operators["operators"]
    return Desensitization(
        fallback=operators["fallback"],
        forms={op: about["form"] for op, about in described.items()},
        defaults={op: dict(_defaults(about)) for op, about in described.items()},
        types={name: _rule(name, rule, described) for name, rule in read(folder / "types.yaml").items()},
        cells=dict(_cells(matrix["cells"])),
        natural_person_like=frozenset(matrix["natural_person_like"]),
        tables=Tables.of(read(folder / "tables.yaml"), map(division, codes["division"].values())),
        raised_by_subject=matrix["raised_by_subject"],
        never_disclosed=matrix["never_disclosed"],
    )


def _defaults(about: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, p["default"]) for name, p in about["parameters"].items() if "default" in p)


def _rule(name: str, data: Mapping[str, Any], described: Mapping[str, Any]) -> TypeRule:
    return TypeRule(
        id=name,
        normalize=data["normalize"],
        valid=tuple(re.compile(pattern) for pattern in data["valid"]),
        tail=data.get("tail"),
        calls={kind: _call(f"{name}.{kind}", call, described) for kind, call in data["operators"].items()},
    )


def _call(where: str, data: Mapping[str, Any], described: Mapping[str, Any]) -> OperatorCall:
    op, parameters = data["op"], {name: value for name, value in data.items() if name != "op"}
    if op not in described:
        raise StandardError(f"{where}: unknown operator {op}")
    schema = {
        "properties": described[op]["parameters"],
        "required": described[op].get("required", []),
        "additionalProperties": False,
    }
    for error in jsonschema_rs.Draft202012Validator(schema).iter_errors(parameters):
        raise StandardError(f"{where}: {error.message}")
    for side in ("left", "right"):
        if op == "split":
            _call(f"{where}.{side}", parameters[side], described)
    return OperatorCall(op, parameters)


def _cells(data: Mapping[str, Mapping[str, Mapping[str, str]]]) -> Iterator[tuple[tuple[str, str], Cell]]:
    for sensitivity, audiences in data.items():
        for audience, kinds in audiences.items():
            yield (sensitivity, audience), Cell(kinds["none"], kinds["authorized"])
