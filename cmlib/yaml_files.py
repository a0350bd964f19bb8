"""A YAML file that somebody wrote, read as plain values; what is wrong in it is told in one French sentence, with its line."""

from pathlib import Path
from typing import Any

import yaml

from cmlib.errors import Explained, reason
from cmlib.french import printable

LARGEST = 1_000_000  # bytes
_MOST = 10_000  # keys that merges (<<) may bring together
_WIDEST = 1024  # bits of a whole number


def read_yaml(path: Path) -> Any:
    """Read a YAML file.

    Raises
    ------
    Explained
        If it cannot be read, is too long, is not YAML, or writes a key twice.
    """
    name = f"« {printable(path.name)} »"
    try:
        if path.exists() and not path.is_file():  # a folder; a pipe, that would be waited for
            raise Explained(f"{name} n’est pas un fichier : retirez-le, ou mettez un fichier YAML à sa place.")
        if path.stat().st_size > LARGEST:
            raise Explained(f"{name} fait plus de {LARGEST // 1_000_000} Mo : ce n’est pas un scénario, retirez-le.")
        return yaml.load(path.read_text(encoding="utf-8-sig"), _Loader)  # noqa: S506 (plain values only: a SafeLoader)
    except OSError as error:
        raise Explained(f"{name} n’a pas pu être lu ({reason(error)}).") from error
    except UnicodeDecodeError as error:
        raise Explained(f"{name} : ce n’est pas du YAML lisible ; enregistrez-le en UTF-8.") from error
    except _Problem as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Explained(f"{name}, ligne {line} : {error.problem}.") from error
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", ligne {mark.line + 1}" if mark else ""
        raise Explained(f"{name}{where} : ce n’est pas du YAML lisible ; vérifiez les deux-points et l’alignement.") from error


class _Problem(yaml.MarkedYAMLError):
    """What the loader refuses, in French."""

    def __init__(self, problem: str, node: yaml.Node) -> None:
        super().__init__(problem=problem, problem_mark=node.start_mark)


class _Loader(yaml.SafeLoader):
    """Plain values only; a key written twice is refused, where YAML silently keeps the last."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        """Refuse a key written twice."""
        node = super().compose_mapping_node(anchor)
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise _Problem(f"« {_brief(key.value)} » est écrit deux fois ; gardez-en un seul", key)
                seen.add(key.value)
        return node

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Refuse merges of merges that would fill the memory."""
        super().flatten_mapping(node)
        if len(node.value) > _MOST:
            raise _Problem("trop de clés fusionnées (<<) ; écrivez-les une à une", node)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Refuse a date that does not exist, a number that cannot be, and what a tag does not fit."""
        try:
            value = super().construct_object(node, deep)
            if isinstance(value, int) and value.bit_length() > _WIDEST:
                raise OverflowError
        except (ValueError, LookupError, AttributeError, OverflowError) as error:
            raise _Problem(f"« {_brief(str(node.value))} » ne se lit pas ; corrigez cette valeur", node) from error
        return value


def _brief(text: str) -> str:
    return printable(text if len(text) <= 60 else f"{text[:59]}…")
