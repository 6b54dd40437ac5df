"""Writing YAML for files of the standard that are generated."""

from typing import Any

import yaml


def yaml_text(value: Any) -> str:
    """Block YAML of a JSON value, members in their order, strings unescaped, no aliases."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=118)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the signature of PyYAML
        return True
