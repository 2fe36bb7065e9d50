"""Owns the table of the public API: method and path to the operation, read from the OpenAPI document."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
SERVICE_KEY = "x-closeknit-service"
_VALUE = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class BadDocument(ValueError):
    """The OpenAPI document cannot be a table: an operation without a service or an id; names the place."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the public API. `action` is its operation id, `service` who answers it."""

    action: str
    method: str
    template: str
    service: str
    names: tuple[str, ...] = ()


@dataclass(slots=True)
class _Node:
    fixed: dict[str, "_Node"] = field(default_factory=dict)
    any: "_Node | None" = None
    operations: dict[str, Operation] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """What a path leads to: an operation and its parameters, or none and the methods that the path takes."""

    operation: Operation | None
    parameters: Mapping[str, str]
    allowed: frozenset[str] = frozenset()


NOWHERE = Found(None, {})


class Table:
    """Operations by path segment; a fixed segment wins over a parameter."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """Raises BadDocument."""
        self._root = _Node()
        self._plain: dict[tuple[str, str], Found] = {}
        self.operations = tuple(_operations(document))
        for operation in self.operations:
            self._add(operation)

    def _add(self, operation: Operation) -> None:
        node = self._root
        for segment in operation.template[1:].split("/"):
            if segment.startswith("{"):
                node.any = node = node.any or _Node()
            else:
                node = node.fixed.setdefault(segment, _Node())
        node.operations[operation.method] = operation
        if not operation.names:
            self._plain[operation.method, operation.template] = Found(operation, {})

    def find(self, method: str, path: str) -> Found:
        """Where a decoded path leads, HEAD where GET does.

        A parameter that could mean anything but itself in an address leads nowhere.
        """
        if method == "HEAD":
            method = "GET"
        if (plain := self._plain.get((method, path))) is not None:
            return plain
        node, values = self._root, list[str]()
        for segment in path[1:].split("/"):
            if (fixed := node.fixed.get(segment)) is not None:
                node = fixed
            elif node.any is not None and _VALUE.fullmatch(segment) and segment.strip("."):
                node = node.any
                values.append(segment)
            else:
                return NOWHERE
        operation = node.operations.get(method)
        if operation is None:
            return Found(None, {}, frozenset(node.operations))
        return Found(operation, dict(zip(operation.names, values, strict=True)))


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    for template, item in document["paths"].items():
        for method in METHODS:
            if (described := item.get(method)) is None:
                continue
            try:
                yield Operation(
                    action=described["operationId"],
                    method=method.upper(),
                    template=template,
                    service=described[SERVICE_KEY],
                    names=tuple(re.findall(r"{(\w+)}", template)),
                )
            except KeyError as missing:
                raise BadDocument(f"{method} {template}: no {missing.args[0]}") from None
