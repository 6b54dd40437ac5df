"""The platform-access API as one file, for tools that read no other: references within, codes written in."""

from collections.abc import Mapping
from pathlib import Path
from posixpath import dirname, normpath
from typing import Any

from conformance.loader.files import read_yaml
from conformance.model.standard import Standard

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "schemas/api"
DOCUMENT = "platform.openapi.yaml"
METHODS = frozenset({"get", "put", "post", "patch", "delete"})


class Bundle:
    """Copies every part that is referred to below `components` of the one document."""

    def __init__(self, standard: Standard) -> None:
        self._codes = standard.codes
        self._files: dict[str, Any] = {}
        self._places: dict[str, tuple[str, str]] = {}
        self.components: dict[str, dict[str, Any]] = {}

    def document(self) -> dict[str, Any]:
        document = self._file(DOCUMENT)
        paths = {path: self._resolved(DOCUMENT, item["$ref"]) for path, item in document["paths"].items()}
        schemes = {
            n: self._resolved(DOCUMENT, s["$ref"])
            for n, s in document["components"]["securitySchemes"].items()
        }
        components = {**self.components, "securitySchemes": schemes}
        return {**document, "paths": paths, "components": components}

    def _file(self, name: str) -> Any:
        if name not in self._files:
            self._files[name] = read_yaml(FOLDER / name)
        return self._files[name]

    def _resolved(self, file: str, reference: str) -> Any:
        file, pointer = self._target(file, reference)
        value = self._file(file)
        for part in pointer.strip("/").split("/"):
            value = value[part.replace("~1", "/").replace("~0", "~")]
        return self._copy(file, value)

    def _target(self, file: str, reference: str) -> tuple[str, str]:
        name, _, pointer = reference.partition("#")
        return (normpath(f"{dirname(file)}/{name}").lstrip("./") if name else file), pointer

    def _copy(self, file: str, value: Any) -> Any:
        if isinstance(value, list):
            return [self._copy(file, part) for part in value]
        if not isinstance(value, dict):
            return value
        if isinstance(value.get("$ref"), str):
            return {
                **{n: v for n, v in value.items() if n != "$ref"},
                "$ref": self._within(file, value["$ref"]),
            }
        copied = {name: self._copy(file, part) for name, part in value.items()}
        code_set = copied.get("x-code-set")
        if isinstance(code_set, str) and "enum" not in copied:
            copied["enum"] = list(self._codes[code_set].codes)
        return copied

    def _within(self, file: str, reference: str) -> str:
        """The reference to the same part in the one document, which then holds it."""
        file, pointer = self._target(file, reference)
        kind, name = pointer.strip("/").split("/")
        place = self._places.setdefault(f"{kind}/{name}", (file, pointer))
        if place != (file, pointer):
            raise ValueError(f"{pointer} stands in {place[0]} and in {file}: two parts of one name")
        parts = self.components.setdefault(kind, {})
        if name not in parts:
            parts[name] = {}
            parts[name] = self._resolved(file, f"#{pointer}")
        return f"#/components/{kind}/{name}"


def with_examples(document: Mapping[str, Any], examples: Mapping[str, Any]) -> dict[str, Any]:
    """`examples`: by operation, `path`, `headers` and `body` of a request that succeeds."""
    components = document["components"]
    for item in document["paths"].values():
        for method in METHODS & item.keys():
            operation = item[method]
            example = examples[operation["operationId"]]
            example_values = {**example.get("path", {}), **example.get("headers", {})}
            shared = [resolved(p, components) for p in item.get("parameters", ())]
            parameters = [resolved(p, components) for p in operation.get("parameters", ())]
            together = {(p["in"], p["name"]): p for p in (*shared, *parameters)}.values()
            operation["parameters"] = [
                {**p, **({"example": example_values[p["name"]]} if p["name"] in example_values else {})}
                for p in together
            ]
            for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
                if media_type == example.get("media_type"):
                    content["example"] = example["body"]
        item.pop("parameters", None)
    return dict(document)


def resolved(parameter: Mapping[str, Any], components: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" not in parameter:
        return dict(parameter)
    return dict(components["parameters"][parameter["$ref"].rpartition("/")[2]])
