"""The two CEL engines: what each makes of an expression, failures included."""

from typing import Any

import cel
import celpy
import celpy.adapter
import celpy.celtypes
import celpy.evaluation


def by_python(expression: str, variables: dict[str, Any]) -> object:
    """What cel-python says."""
    environment = celpy.Environment()
    program = environment.program(environment.compile(expression))
    try:
        result = program.evaluate({name: celpy.adapter.json_to_cel(v) for name, v in variables.items()})
    except celpy.evaluation.CELEvalError:
        return "error"
    return bool(result) if isinstance(result, (bool, celpy.celtypes.BoolType)) else result


def by_rust(expression: str, variables: dict[str, Any]) -> object:
    """What cel-rust says; its failures are of many kinds."""
    try:
        return cel.evaluate(expression, variables)
    except (LookupError, TypeError, ValueError, RuntimeError):
        return "error"
