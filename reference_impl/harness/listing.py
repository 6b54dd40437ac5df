"""Lists of mutants and variants for the self-test, each with the digest of its program."""

from typing import Any

from reference_impl.harness.digest import program_digest
from reference_impl.mutants import Mutant, collect
from reference_impl.variants import VARIANTS, Variant


def mutants() -> dict[str, Any]:
    """All mutants by name, as JSON."""
    return {name: _mutant(mutant) for name, mutant in collect().items()}


def variants() -> dict[str, Any]:
    """All variants by name, as JSON."""
    return {name: _variant(variant) for name, variant in VARIANTS.items()}


def _mutant(mutant: Mutant) -> dict[str, Any]:
    return {
        "requirement": mutant.requirement,
        "also": dict(mutant.also),
        "description": mutant.description,
        "digest": program_digest(mutant.function),
    }


def _variant(variant: Variant) -> dict[str, Any]:
    return {"description": variant.description, "digest": program_digest(variant.function)}
