"""Owns what `closeknit initiative check` looks at: each folder by itself, then all of them beside each other."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from contracts.initiative import BadInitiative, Initiative, load_initiative, load_initiatives
from contracts.initiative.files import MAIN
from contracts.vocabulary import PopulationMeasure
from services.measures.application.known_groups import COMPARED
from services.measures.application.population_file import BadFile, Refused, read
from services.measures.definitions import CATALOGUE, EVERY
from services.measures.domain.measure import By, Definition, Kind
from services.measures.domain.population import EVERYBODY

SHARES: Final = frozenset({Kind.PROPORTION, Kind.TIME})
"""Kinds of which so many of every 100 can be wanted: of a time, those that were reached by its last mark."""
WINDOW: Final = 3
_SAID: Final = re.compile(r"(?P<file>[^\s:]+/[^\s:]+):? (?P<wrong>.*)", re.DOTALL)


@dataclass(frozen=True)
class Sound:
    """An initiative with nothing wrong in it."""

    initiative: Initiative

    @property
    def facts(self) -> dict[str, Any]:
        what = self.initiative
        return {
            "initiative": what.slug,
            "name": what.name,
            "agencies": len(what.agencies),
            "services": sum(len(agency.services) for agency in what.agencies),
            "working_groups": len(what.working_groups),
            "targets": len(what.targets),
            "languages": list(what.languages),
            "practice_sign_ins": len(what.practice),
        }

    @property
    def line(self) -> str:
        said = self.facts
        counted = ("agencies", "services", "working_groups", "targets", "practice_sign_ins")
        counts = ", ".join(f"{name.replace('_', ' ')} {said[name]}" for name in counted)
        return f"{said['initiative']}: nothing is wrong ({counts}, languages {' '.join(said['languages'])})"


def as_facts(line: str) -> dict[str, str | None]:
    """What is wrong for a program: in which file, none where it is between files, and what."""
    found = _SAID.fullmatch(line)
    return {"file": found["file"], "wrong": found["wrong"]} if found else {"file": None, "wrong": line}


def checked(where: Path) -> tuple[list[Sound], list[str]]:
    """What is sound, and one sentence for each thing that is wrong, in an initiative's folder or a folder of them."""
    one = (where / MAIN).is_file()
    sound, wrong = [], []
    for folder in [where] if one else sorted(path for path in where.iterdir() if (path / MAIN).is_file()):
        try:
            initiative = load_initiative(folder)
        except BadInitiative as error:
            wrong += str(error).splitlines()
            continue
        found = [*unknown_to_measures(initiative), *unfit(initiative), *no_figures(folder, initiative)]
        wrong += found
        sound += [] if found else [Sound(initiative)]
    if not one and not wrong:
        try:
            load_initiatives(where)
        except BadInitiative as error:
            wrong += str(error).splitlines()
    return sound, wrong


def unknown_to_measures(initiative: Initiative) -> Iterator[str]:
    """What a file names as a measure, a breakdown or a group of one, and measures do not know: no model can say it."""
    for place, measure in _measures(initiative):
        if measure not in CATALOGUE:
            yield f"{initiative.slug}/{place}: there is no measure {measure}"
        elif CATALOGUE[measure].sensitive and not initiative.restricted_topic:
            yield f"{initiative.slug}/{place}: {measure} is counted only where restricted_topic is true"
    yield from unstated(initiative, EVERY)
    for place, chosen in _references(initiative):
        for breakdown, group in chosen.items():
            if breakdown not in COMPARED:
                yield f"{initiative.slug}/{MAIN}: {place}: {breakdown} is no breakdown with groups to compare"
            elif group not in COMPARED[By(breakdown)](initiative):
                yield f"{initiative.slug}/{MAIN}: {place}.{breakdown}: there is no group {group}"
    yield from _baselines(initiative)


def unfit(initiative: Initiative) -> Iterator[str]:
    """What could never be shown: an aim at what is no share, a target that no window of three years ends with."""
    for group in initiative.working_groups:
        for aim in group.aims:
            if aim.measure in CATALOGUE and CATALOGUE[aim.measure].kind not in SHARES:
                yield f"{initiative.slug}/working_groups.toml: {group.slug}.aims: {aim.measure} is no share of 100"
    releases, known = initiative.releases, [each for each in initiative.targets if each.window_years == WINDOW]
    years, first = sorted({each.by_year for each in known}), releases.three_years_from
    if years and "three_years" in releases.periods and not any(_ends_with(year, first) for year in years):
        wanted = f"no window from {first} on ends with a year of targets: {', '.join(map(str, years))}"
        yield f"{initiative.slug}/{MAIN}: releases.three_years_from: {wanted}"
    for number, target in enumerate(initiative.targets):
        if target.measure not in set(PopulationMeasure):
            yield f"{initiative.slug}/{MAIN}: targets.{number}.measure: nobody prints figures of {target.measure}"


def _ends_with(year: int, first: int) -> bool:
    return year >= first and (year + 1 - first) % WINDOW == 0


def no_figures(folder: Path, initiative: Initiative) -> Iterator[str]:
    """The rows that `closeknit import population` would refuse, by file and line."""
    for path in sorted(folder.glob("*population.csv")):
        try:
            for row in read(path, datetime.now(UTC).year, initiative):
                if isinstance(row, Refused):
                    yield f"{folder.name}/{path.name}: line {row.line}: {row.reason}"
        except BadFile as error:
            yield f"{folder.name}/{path.name}: {error}"


def _baselines(initiative: Initiative) -> Iterator[str]:
    """Baselines whose population figures nobody could find: of a breakdown or group that there is not."""
    for baseline in (each for target in initiative.targets for each in target.baselines):
        compared = COMPARED.get(By(baseline.by)) if baseline.by in set(By) else None
        known = compared(initiative) if compared else {EVERYBODY} if baseline.by == By.NONE else set()
        if baseline.group not in known:
            yield f"{initiative.slug}/{MAIN}: targets.baselines.{baseline.name}: there is no group {baseline.group}"


def _measures(initiative: Initiative) -> Iterator[tuple[str, str]]:
    """Every measure that is named, with its place."""
    for group in initiative.working_groups:
        yield from ((f"working_groups.toml: {group.slug}.measures", measure) for measure in group.measures)
    for each in initiative.principles:
        yield from ((f"{MAIN}: principles.{each.principle}", measure) for measure in each.measures)


def unstated(initiative: Initiative, every: Collection[Definition]) -> Iterator[str]:
    """Versions that there are not, and versions after the first that do not say with whom groups are compared."""
    place, known = f"{initiative.slug}/{MAIN}: reference_groups_of", {each.name: each for each in every}
    for name in initiative.reference_groups_of:
        if name not in known:
            yield f"{place}: there is no definition {name}"
        elif known[name].sensitive and not initiative.restricted_topic:
            yield f"{place}: {name} is counted only where restricted_topic is true"
    scored = {measure for group in initiative.working_groups for measure in group.measures}
    for name, each in known.items():
        if (
            each.version > 1
            and each.id in scored
            and initiative.reference_groups
            and (name not in initiative.reference_groups_of)
        ):
            yield f"{place}: {name} is a new version: name it, if with an empty table for the usual groups"


def _references(initiative: Initiative) -> Iterator[tuple[str, Mapping[str, str]]]:
    yield "reference_groups", initiative.reference_groups
    for measure, chosen in initiative.reference_groups_of.items():
        yield f"reference_groups_of.{measure}", chosen
