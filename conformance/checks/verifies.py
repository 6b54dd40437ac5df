"""Marking a function as a check: the decorator only attaches data, a collector gathers it later."""

from collections.abc import Callable
from typing import Any

from conformance.model.judgement import Check

MARK = "__fcsp_check__"
CheckFunction = Callable[..., None]


def verifies(
    requirement: str,
    *,
    needs: tuple[str, ...] = (),
    exclusive: bool = False,
    expand: Callable[[Any], tuple[str, ...]] | None = None,
) -> Callable[[CheckFunction], CheckFunction]:
    """Mark a function as a check of exactly one requirement; its name states the fact on a good platform.

        @verifies("AUT-003", needs=("postNetworkNotice",))
        def revoked_authorizations_disclose_nothing(ctx: Context) -> None:
            expect.status(ctx.send(query(ctx)), 403)

    `needs`: operations and entries of the target file without which it is not judged; `exclusive`: it runs
    alone; `expand`: its parameters under a standard, one case for each.
    """

    def mark(function: CheckFunction) -> CheckFunction:
        check = Check(requirement, function.__name__, function, needs, exclusive, expand)
        setattr(function, MARK, check)
        return function

    return mark
