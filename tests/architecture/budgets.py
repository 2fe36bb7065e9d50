"""Owns the budgets of the house: lengths of files and functions, arguments by position, names of modules."""

import ast
from collections.abc import Iterator
from pathlib import Path

FILE_LINES = 250
DOMAIN_FILE_LINES = 200
FUNCTION_LINES = 40
POSITIONAL = 5
DUMPING_GROUNDS = {"util", "utils", "helper", "helpers", "common", "constants", "core", "misc", "shared", "lib"}
# Signatures that are a library's own.
GIVEN = {"should_sample": 7}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def breaches(root: Path, packages: tuple[str, ...]) -> list[str]:
    """Return one sentence for each breach in the packages under `root`, with path and line."""
    return [
        f"{path.relative_to(root)}:{breach}"
        for package in packages
        for path in sorted((root / package).rglob("*.py"))
        for breach in breaches_of(path, path.read_text())
    ]


def breaches_of(path: Path, source: str) -> Iterator[str]:
    most = DOMAIN_FILE_LINES if "domain" in path.parts else FILE_LINES
    lines = len(source.splitlines())
    if lines > most:
        yield f"1: {lines} lines, the budget is {most}: is there a second noun in it?"
    if path.stem in DUMPING_GROUNDS or path.parent.name in DUMPING_GROUNDS:
        yield "1: named after no noun that it owns"
    tree = ast.parse(source)
    if ast.get_docstring(tree) is None:
        yield "1: no sentence says what this module owns"
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield from breaches_of_function(node)


def breaches_of_function(node: Function) -> Iterator[str]:
    length = (node.end_lineno or node.lineno) - node.lineno + 1 - lines_of_cases(node)
    if length > FUNCTION_LINES:
        yield f"{node.lineno}: {node.name} has {length} lines, the budget is {FUNCTION_LINES}"
    given = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    by_position = len(given) - (bool(given) and given[0] in {"self", "cls"})
    if by_position > GIVEN.get(node.name, POSITIONAL):
        yield f"{node.lineno}: {node.name} takes {by_position} arguments by position, the budget is {POSITIONAL}"


def lines_of_cases(node: Function) -> int:
    """Return how many lines of a function are cases of one statement: a match may be as long as its cases."""
    return sum(
        (case.body[0].end_lineno or 0) - case.pattern.lineno + 1
        for match in ast.walk(node)
        if isinstance(match, ast.Match)
        for case in match.cases
        if len(case.body) == 1
    )
