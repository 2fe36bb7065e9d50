"""Owns what keeps services/runtime honest: few modules, each used by two services, none with a word of the field."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import grimp

MOST_MODULES = 10
SERVICES = ("services.referrals", "services.measures", "services.gateway")
NOUNS = re.compile(r"(?i)referral|handoff|episode|consent|pregnan|patient|mother|identity_vault|release_build")


def used_by_few(graph: grimp.ImportGraph) -> list[str]:
    """Return the runtime modules that fewer than two services import."""
    found = []
    for module in sorted(graph.find_children("services.runtime")):
        inside = {module, *graph.find_descendants(module)}
        importers = {name for one in inside for name in graph.find_modules_that_directly_import(one)}
        users = {service for service in SERVICES if any(name.startswith(f"{service}.") for name in importers)}
        if len(users) < 2:  # noqa: PLR2004 -- one user means it belongs to that user
            found.append(f"{module} is used by {', '.join(sorted(users)) or 'nobody'}")
    return found


def words_of_the_field(folder: Path) -> list[str]:
    """Return each identifier in the runtime that holds a noun of the field."""
    return [
        f"{path.relative_to(folder)}:{line}: {name}"
        for path in sorted(folder.rglob("*.py"))
        for line, name in identifiers(ast.parse(path.read_text()))
        if NOUNS.search(name)
    ]


def identifiers(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.lineno, node.name
            case ast.arg():
                yield node.lineno, node.arg
            case ast.Name():
                yield node.lineno, node.id
            case ast.Attribute():
                yield node.lineno, node.attr
            case _:
                pass
