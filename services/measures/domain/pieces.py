"""The pieces into which some figures fall: the kinds of a mix, the bands of a distribution, the marks of a course.

Each is a number of units that can be small by itself, whatever the figure is over all. Where a piece is small over the
whole period it is put together with another: kinds of a mix as `other`, a band or a mark with the next to it. What is
left is shown of a row whole, or not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, TypeAlias, assert_never

from services.measures.domain.behind import Behind, Piece
from services.measures.domain.exposure import Exposure
from services.measures.domain.figure import Figure
from services.measures.domain.incidence import End, Wait
from services.measures.domain.measure import Definition, Kind, Standing, Unit
from services.measures.domain.summary import band_names

OTHER: Final = "other"
LATER: Final = "later"
OTHERWISE: Final = "otherwise"
OPEN: Final = "open"


Shape: TypeAlias = tuple[str, tuple[str, ...]]
"""The name of a piece, and the agencies of a unit in it."""


@dataclass(slots=True)
class Pieces:
    """Counts the units of one cell by their piece, with the clients and agencies behind each."""

    shapes: dict[Shape, int] = field(default_factory=dict)
    clients: dict[str, set[str]] = field(default_factory=dict)

    def add(self, client: str, name: str, unit: Unit) -> None:
        """Counts one unit."""
        shape = (name, unit.agencies)
        self.shapes[shape] = self.shapes.get(shape, 0) + 1
        clients = self.clients.get(name)
        if clients is None:
            clients = self.clients[name] = set()
        clients.add(client)

    def merge(self, other: Pieces) -> None:
        """Takes what was counted elsewhere of other clients."""
        for shape, count in other.shapes.items():
            self.shapes[shape] = self.shapes.get(shape, 0) + count
        for name, clients in other.clients.items():
            self.clients.setdefault(name, set()).update(clients)

    def units(self, name: str) -> int:
        """How many units are of a piece."""
        return sum(count for (of, _), count in self.shapes.items() if of == name)

    def put_together(self, names: Mapping[str, Sequence[str]]) -> Mapping[str, Piece]:
        """The pieces by new names, each made of old ones."""
        return {name: self._piece(of) for name, of in names.items()}

    def _piece(self, names: Sequence[str]) -> Piece:
        units, agencies = 0, Counter[str]()
        for (name, behind), count in self.shapes.items():
            if name in names:
                units += count
                for agency in set(behind):
                    agencies[agency] += count
        clients = set[str]().union(*(self.clients.get(name, ()) for name in names))
        return Piece(units, len(clients), Behind(units, agencies))


def has_pieces(definition: Definition) -> bool:
    """Whether its figures fall into pieces."""
    return definition.kind in {Kind.MIX, Kind.TIME, Kind.DISTRIBUTION}


def piece_of(definition: Definition, unit: Unit) -> str | None:
    """The piece that a unit is of; None for one that is in none."""
    size = unit.size
    if definition.kind is Kind.MIX:
        return unit.rule.code if unit.rule.standing is Standing.MET else None
    if isinstance(size, Wait):
        return _of_wait(definition, size)
    if size is None or isinstance(size, Exposure) or unit.rule.standing is not Standing.MET:
        return None
    place = next((place for place, bound in enumerate(definition.bands) if size <= bound), len(definition.bands))
    return band_names(definition.bands)[place]


def _of_wait(definition: Definition, wait: Wait) -> str:
    match wait.end:
        case End.REACHED:
            days = wait.lasted.total_seconds() / 86_400
            return next((f"{mark:g}" for mark in definition.marks if days <= mark), LATER)
        case End.OTHERWISE:
            return OTHERWISE
        case End.WATCHED:
            return OPEN
        case never:
            assert_never(never)


@dataclass(frozen=True)
class Cut:
    """How the pieces of a measure are put together in one release: by new names, and as it is then to be read."""

    definition: Definition
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)


def cut(definition: Definition, whole: Pieces, *, sensitive: bool) -> Cut:
    """Puts small pieces together, by what is counted over the whole period."""
    if definition.kind is Kind.MIX:
        return Cut(definition, _pooled(definition, whole, sensitive=sensitive))
    if definition.kind is Kind.TIME:
        bounds = _kept(definition.marks, [f"{mark:g}" for mark in definition.marks] + [LATER], whole, sensitive)
        ended = {OTHERWISE: (OTHERWISE,), OPEN: (OPEN,)}
        names = [*(f"{bound:g}" for bound in bounds[0]), LATER]
        return Cut(replace(definition, marks=bounds[0]), dict(zip(names, bounds[1], strict=True)) | ended)
    kept, groups = _kept(definition.bands, list(band_names(definition.bands)), whole, sensitive)
    return Cut(replace(definition, bands=kept), dict(zip(band_names(kept), groups, strict=True)))


def _pooled(definition: Definition, whole: Pieces, *, sensitive: bool) -> dict[str, Sequence[str]]:
    codes = [rule.code for rule in definition.rules if rule.standing is Standing.MET]
    pooled = [code for code in codes if _is_small(whole, [code], sensitive)]
    others = sorted((code for code in codes if code not in pooled and whole.units(code)), key=whole.units)
    while pooled and others and _is_small(whole, pooled, sensitive):
        pooled.append(others.pop(0))
    names: dict[str, Sequence[str]] = {code: (code,) for code in codes if code not in pooled}
    return names | ({OTHER: tuple(sorted(pooled))} if pooled else {})


def _kept(
    bounds: Sequence[float], names: list[str], whole: Pieces, sensitive: bool
) -> tuple[tuple[float, ...], list[Sequence[str]]]:
    """The bounds that stay, and the pieces between them."""
    kept, groups = list(bounds), [[name] for name in names]
    while (
        kept
        and (small := next((at for at, of in enumerate(groups) if _is_small(whole, of, sensitive)), None)) is not None
    ):
        at = small if small < len(kept) else small - 1
        groups[at : at + 2] = [groups[at] + groups[at + 1]]
        del kept[at]
    return tuple(kept), [tuple(group) for group in groups]


def _is_small(whole: Pieces, names: Sequence[str], sensitive: bool) -> bool:
    [piece] = whole.put_together({"": names}).values()
    return piece.is_small(sensitive=sensitive)


def detail(figure: Figure, cut_: Cut) -> dict[str, Any] | None:
    """What is said of a figure beside its numbers, as plain JSON values; None where that is all."""
    if figure.shares is not None:
        return {"shares": {name: sum(figure.shares[code] for code in of) for name, of in cut_.names.items()}}
    if figure.course is not None:
        within = {f"{mark:g}": value and asdict(value) for mark, value in figure.course.within.items()}
        return {"course": rounded(asdict(figure.course) | {"within": within})}
    if figure.spread is not None:
        said = asdict(figure.spread)
        return {"spread": rounded({name: said[name] for name in ("mean", "median", "p90", "bands")})}
    if figure.rate is not None:
        return {"rate": rounded(asdict(figure.rate) | {"per": cut_.definition.per})}
    return None


def rounded(value: Any) -> Any:
    """With four decimals, which the same sum has on every machine."""
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    return round(value, 4) if isinstance(value, float) else value
