"""What an operator asks of measures: what they are, why a figure is what it is, and what process mining asks for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from services.measures.application.compute import NOT_THERE, about, document
from services.measures.application.eventlog import Format, exported
from services.measures.application.handovers import Between, matrix
from services.measures.application.looking import Asked, configured, look
from services.measures.definitions import CATALOGUE, EVERY, UnknownMeasure, find
from services.measures.domain.difference import Moved, moved
from services.measures.domain.figure import Figure, compute
from services.measures.domain.measure import NOT_COUNTED, AsOf, By, Definition, Rule
from services.measures.domain.suppression import HIDES
from services.measures.releases import ledger
from services.measures.settings import MeasuresSettings
from services.measures.store import journeys
from services.runtime.postgres import conninfo

COUNTS = ("numerator", "denominator", "missing", "pending", "excluded")
LISTED = 20
"""Units of one move that are listed with their events."""

Environ = Mapping[str, str]


class NotOneMeasure(Exception):
    """Two measures were to be compared, and not two versions of one."""


def list_measures(*, every_version: bool = False) -> list[dict[str, object]]:
    """Every measure in force, or every version of each, with its definition, as plain values."""
    return [_told(each) for each in (EVERY if every_version else CATALOGUE.values())]


def show_measure(measure: str, version: int | None = None) -> dict[str, object]:
    """One measure, as it is in force or in a version, with its definition. Raises UnknownMeasure."""
    return _told(find(measure, version))


def explain_figure(
    measure: str,
    initiative: str,
    since: date | None = None,
    until: date | None = None,
    *,
    cutoff: datetime | None = None,
    version: int | None = None,
    environ: Environ = os.environ,
) -> dict[str, object]:
    """An exact figure and, for each rule of its definition, how many units it put where: an operator's, as `compute`.

    Raises UnknownMeasure, UnknownInitiative.
    """
    settings, definition = MeasuresSettings.from_env(environ), find(measure, version)
    asked = Asked(configured(settings, initiative), since, until, cutoff)
    available = asked.initiative.restricted_topic or not definition.sensitive
    with look(settings, asked, sensitive=definition.sensitive) as seen:
        figure = compute(definition, seen.journeys, seen.period, seen.as_of)
    shown = document(figure) | ({} if available else NOT_THERE) | about(definition, asked, seen)
    return shown | _ruled(definition, figure) | ({} if available else {"rules": []})


def explain_released(measure: str, release: UUID, *, environ: Environ = os.environ) -> dict[str, object]:
    """The same of a measure of a release, over its period, facts and version; `released` is what it shows of it.

    Raises UnknownRelease, and UnknownMeasure for one that it does not have.
    """
    settings = MeasuresSettings.from_env(environ)
    with psycopg.connect(conninfo(settings.measures_dsn, "closeknit measures explain"), autocommit=True) as connection:
        written = ledger.find(connection, release)
        frozen = next((each for each in written.measures if each.id == find(measure).id), None)
        if frozen is None:
            raise UnknownMeasure
        [(_, shown)] = ledger.figures(connection, release, frozen.id, By.NONE)
    definition, span = find(frozen.id, frozen.version), written.span
    as_of = AsOf(written.cutoff, ZoneInfo(span.zone), written.measurement_consent)
    with journeys.reading(settings.measures_dsn) as reading:
        known = (written.initiative, written.cutoff, written.measurement_consent, written.last_position)
        on = journeys.basis(reading, *known, restricted=written.restricted and definition.sensitive)
        figure = compute(definition, journeys.journeys(reading, on), span.period, as_of)
    about_it = {
        "measure": definition.id,
        "initiative": written.initiative,
        "release": str(release),
        "period": span.name,
    }
    released = {name: getattr(shown, name) for name in COUNTS}
    return document(figure) | about_it | _ruled(definition, figure) | {"released": released, "hides": list(HIDES)}


def handover_matrix(
    initiative: str,
    since: date | None = None,
    until: date | None = None,
    *,
    cutoff: datetime | None = None,
    between: Between = "types",
    environ: Environ = os.environ,
) -> dict[str, object]:
    """Who met a client and who met her next, counted over local dates [since, until). Raises UnknownInitiative."""
    settings = MeasuresSettings.from_env(environ)
    return matrix(settings, Asked(configured(settings, initiative), since, until, cutoff), between)


def export_journeys(
    initiative: str,
    agency: str,
    form: Format,
    since: date | None = None,
    until: date | None = None,
    *,
    cutoff: datetime | None = None,
    environ: Environ = os.environ,
) -> Iterator[str]:
    """An agency's own clients' journeys as an event log, in pieces. Raises UnknownInitiative, UnknownAgency."""
    settings = MeasuresSettings.from_env(environ)
    yield from exported(settings, Asked(configured(settings, initiative), since, until, cutoff), agency, form)


def compare_measures(
    before: str,
    after: str,
    initiative: str,
    since: date | None = None,
    until: date | None = None,
    *,
    cutoff: datetime | None = None,
    environ: Environ = os.environ,
) -> dict[str, object]:
    """The figures of two definitions over the same facts, and the units that they count otherwise, with their events.

    Raises UnknownMeasure, NotOneMeasure, UnknownInitiative.
    """
    settings, old, new = MeasuresSettings.from_env(environ), find(before), find(after)
    if old.id != new.id:
        raise NotOneMeasure
    asked = Asked(configured(settings, initiative), since, until, cutoff)
    with look(settings, asked, sensitive=old.sensitive or new.sensitive) as seen:
        kept = list(seen.journeys)
        figures = [document(compute(each, kept, seen.period, seen.as_of)) for each in (old, new)]
        moves = _moves(moved(old, new, kept, seen.period, seen.as_of))
    return about(new, asked, seen) | {"before": figures[0], "after": figures[1], "moved": moves}


def _ruled(definition: Definition, figure: Figure) -> dict[str, object]:
    """Every rule of a definition with the units of a figure that are under it."""
    rules = [_of(rule) | {"units": figure.rules.get(rule.code, 0)} for rule in (*definition.rules, NOT_COUNTED)]
    return {"title": definition.title, "of": definition.of, "rules": rules}


def _moves(found: Iterable[Moved]) -> list[dict[str, object]]:
    moves: dict[tuple[str, str], list[Moved]] = {}
    for each in found:
        key = (each.before.code if each.before else "", each.after.code if each.after else "")
        moves.setdefault(key, []).append(each)
    return [
        {
            "before": _of(units[0].before),
            "after": _of(units[0].after),
            "units": len(units),
            "listed": [_unit(unit) for unit in units[:LISTED]],
        }
        for _, units in sorted(moves.items(), key=lambda move: -len(move[1]))
    ]


def _of(rule: Rule | None) -> dict[str, object]:
    """A rule as plain values; where the definition does not look at a unit, it has none."""
    if rule is None:
        return {"rule": None, "standing": None, "words": "not looked at"}
    return {"rule": rule.code, "standing": str(rule.standing), "words": rule.words}


def _unit(unit: Moved) -> dict[str, object]:
    events = [{"id": str(each.id), "type": each.event.TYPE, "at": _at(each.moment.at)} for each in unit.events]
    return {"unit": str(unit.id) if unit.id else None, "at": _at(unit.at), "events": events}


def _at(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _told(definition: Definition) -> dict[str, object]:
    return {
        "measure": definition.id,
        "version": definition.version,
        "in_force": CATALOGUE[definition.id] is definition,
        "title": definition.title,
        "of": definition.of,
        "kind": str(definition.kind),
        "direction": str(definition.direction),
        "anchor": definition.anchor,
        "sensitive": definition.sensitive,
        "text": definition.text,
    }
