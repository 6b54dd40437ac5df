"""The composition root: a platform composed of parts, its store and its handlers."""

from starlette.types import ASGIApp

from reference_impl import parts as all_parts
from reference_impl.groups import Parts
from reference_impl.http import adapter, operations
from reference_impl.http.pipeline import Platform
from reference_impl.knowledge import Knowledge, Setup
from reference_impl.settings import Settings
from reference_impl.store.engine import Database
from reference_impl.store.keys import KeyStore

__all__ = ["Composition", "Knowledge", "Parts", "build"]


class Composition:
    """The inputs of a platform, read and opened once: the standard, the keys, the handlers."""

    def __init__(self, settings: Settings, knowledge: Knowledge | None = None) -> None:
        """`knowledge` is used where it is of the same standard and division, otherwise read anew.

        Raises StandardError, and LookupError where the API has an operation without exactly one handler.
        """
        self.settings = settings
        source = (settings.root, settings.division_code)
        is_applicable = knowledge is not None and (knowledge.root, knowledge.division) == source
        self.knowledge = knowledge if knowledge is not None and is_applicable else Knowledge.of(*source)
        self.keys = KeyStore.open(settings.key_file)
        self.handlers = operations.collect()
        operations.require_all(self.handlers, self.knowledge.contract.operations)

    def parts(self) -> Parts:
        """The parts of a platform that obeys."""
        return all_parts.honest(Setup(self.knowledge, self.settings, self.keys))

    def platform(self, parts: Parts) -> Platform:
        """A platform of these parts, which first resumes the work that an earlier process left behind."""
        database = Database(self.settings.database_url)
        platform = Platform(self.settings, self.knowledge, parts, self.handlers, database, self.keys)
        platform.worker.wake()
        return platform


def build(settings: Settings, parts: Parts | None = None) -> ASGIApp:
    """The ASGI application of a platform; without `parts`, of one that obeys."""
    composition = Composition(settings)
    return adapter.app(composition.platform(parts or composition.parts()))
