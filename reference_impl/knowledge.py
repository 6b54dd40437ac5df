"""The standard as read for one platform, and everything else from which its honest parts are built."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from reference_impl import standard
from reference_impl.settings import Settings
from reference_impl.standard.parameters import parameters
from reference_impl.standard.source import read
from reference_impl.store.keys import KeyStore
from reference_impl.wire import contract


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The standard in a folder as it applies to a division; many platforms may share it."""

    root: Path
    division: str
    catalogue: standard.Catalogue
    contract: contract.Contract
    parameters: Mapping[str, Mapping[str, Any]]
    """By part of the standard: value of each named parameter of its requirements."""

    @classmethod
    def of(cls, root: Path, division: str) -> Self:
        """Read `standard/` and `schemas/` below `root`. Raises StandardError."""
        catalogue = standard.load(root, division)
        api = contract.load(root, read, catalogue.codes)
        return cls(root, division, catalogue, api, parameters(root))


@dataclass(frozen=True, slots=True)
class Setup:
    """The inputs of the honest parts: the standard, the settings and the keys of one platform."""

    knowledge: Knowledge
    settings: Settings
    keys: KeyStore
