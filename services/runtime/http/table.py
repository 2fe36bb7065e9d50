"""The table of lean routes: method and path to route in a few dictionary look-ups, however many routes there are."""

from dataclasses import dataclass, field

from services.runtime.http.route import LeanRoute

_NONE = frozenset[str]()


@dataclass(slots=True)
class _Node:
    fixed: dict[str, "_Node"] = field(default_factory=dict)
    any: "_Node | None" = None
    routes: dict[str, tuple[LeanRoute, tuple[str, ...]]] = field(default_factory=dict)


class RouteTable:
    """Lean routes by path segment. A fixed segment wins over a parameter, as a reader would expect."""

    def __init__(self) -> None:
        self._root = _Node()
        self._whole: dict[tuple[str, str], LeanRoute] = {}

    def add(self, route: LeanRoute) -> None:
        node, names = self._root, list[str]()
        for segment in route.path.strip("/").split("/"):
            if segment.startswith("{"):
                names.append(segment.strip("{}"))
                node.any = node = node.any or _Node()
            else:
                node = node.fixed.setdefault(segment, _Node())
        for method in route.methods or ():
            node.routes[method] = (route, tuple(names))
            if not names:
                self._whole[method, route.path] = route

    def find(self, method: str, path: str) -> tuple[LeanRoute | None, dict[str, str], frozenset[str]]:
        """The route and its path parameters; else None and the methods that this path takes (none: no such path)."""
        whole = self._whole.get((method, path))
        if whole is not None:
            return whole, {}, _NONE
        if path[:1] != "/":
            return None, {}, frozenset()
        node, values = self._root, list[str]()
        for segment in path[1:].split("/"):
            fixed = node.fixed.get(segment)
            if fixed is not None:
                node = fixed
            elif node.any is not None and segment:
                node = node.any
                values.append(segment)
            else:
                return None, {}, frozenset()
        found = node.routes.get(method)
        if found is None:
            return None, {}, frozenset(node.routes)
        return found[0], dict(zip(found[1], values, strict=True)), _NONE
