"""Reads figures of a population from a CSV file: which rows are figures, and why the others are not."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from contracts.initiative import Initiative
from contracts.vocabulary import PopulationMeasure
from services.measures.application.known_groups import COMPARED, printed_of
from services.measures.domain.measure import By
from services.measures.domain.population import EVERYBODY, Basis, Counting, PopulationFigure, Printed
from services.measures.domain.suppression import SMALL

NEEDED: Final = ("measure", "period", "numerator", "denominator", "printed", "publisher", "source")
KNOWN: Final = (*NEEDED, "by", "group", "per", "basis", "weeks", "practice")
LONGEST: Final = 600
PER: Final = (0, 100, 1_000, 10_000, 100_000)
OF_CDPH: Final = (17, 47)
"""Completed weeks of the births that CDPH counts by the obstetric estimate."""

_CODE: Final = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")
_PERIOD: Final = re.compile(r"(\d{4})(?:-(\d{4}))?")
_WEEKS: Final = re.compile(r"(\d{1,2})-(\d{1,2})")
_COUNT: Final = re.compile(r"\d{1,9}|\d{1,3}(,\d{3}){1,2}")


class BadFile(Exception):
    """The file as a whole is no file of figures. The message says why."""


class _Unfit(Exception):
    """Why a row is no figure."""


@dataclass(frozen=True, slots=True)
class Read:
    """A figure and the line that it ends on."""

    line: int
    figure: PopulationFigure


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is no figure, and why."""

    line: int
    reason: str


def read(path: Path, this_year: int, initiative: Initiative) -> Iterator[Read | Refused]:
    """Every row, in its order; a period that includes `this_year` has not ended. Raises BadFile.

    Its groups are those of the initiative.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            _check(tuple(reader.fieldnames or ()))
            for cells in reader:
                try:
                    yield Read(reader.line_num, _figure(cells, this_year, initiative))
                except _Unfit as error:
                    yield Refused(reader.line_num, str(error))
    except OSError as error:
        raise BadFile(f"the file cannot be opened: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadFile("the file is not UTF-8: save it as UTF-8") from None
    except csv.Error as error:
        raise BadFile(f"the file is not CSV: {error}") from None


def _check(header: tuple[str, ...]) -> None:
    for name in NEEDED:
        if name not in header:
            raise BadFile(f"the column {name!r} is missing; needed are {', '.join(NEEDED)}")
    for name in header:
        if name not in KNOWN or header.count(name) > 1:
            often = "is there twice" if name in KNOWN else "is not known"
            raise BadFile(f"the column {name!r} {often}; there are {', '.join(KNOWN)}")


def _figure(cells: Mapping[str | None, str | None], this_year: int, initiative: Initiative) -> PopulationFigure:
    if None in cells or None in cells.values():
        raise _Unfit("it has not as many cells as the header")
    row = {name: (cells.get(name) or "").strip() for name in KNOWN}
    numerator, denominator = _counts(row)
    printed = row["printed"] or None
    if printed is None and numerator is None:
        raise _Unfit("it has neither counts nor a printed figure")
    _is_printed(printed)
    by, group = _group(row, initiative)
    since, until = _period(row["period"], this_year)
    if not 0 < len(row["source"]) <= LONGEST:
        raise _Unfit(f"the source is missing, or longer than {LONGEST} characters")
    if row["practice"] not in {"", "yes"}:
        raise _Unfit("practice is yes or empty")
    counting = _counting(row, is_count=numerator is not None and denominator is None)
    return PopulationFigure(
        counting, by, group, since, until, numerator, denominator, printed, row["source"], row["practice"] == "yes"
    )


def _counting(row: Mapping[str, str], *, is_count: bool) -> Counting:
    for name in ("measure", "publisher"):
        if _CODE.fullmatch(row[name]) is None:
            raise _Unfit(f"the {name} is a code: small letters, digits, _ and -")
    if row["measure"] not in set(PopulationMeasure):
        raise _Unfit(f"the measure is one of {', '.join(PopulationMeasure)}")
    per = row["per"] or ("0" if is_count else "100")
    if not per.isdecimal() or int(per) not in PER or (int(per) == 0) != is_count:
        raise _Unfit("per is 100, 1000, 10000 or 100000; 0, or empty, for a count, which has no denominator")
    if (row["basis"] or Basis.NOT_SAID) not in set(Basis):
        raise _Unfit(f"the basis is one of {', '.join(Basis)}, or empty")
    basis, weeks = Basis(row["basis"] or Basis.NOT_SAID), _weeks(row["weeks"])
    if row["publisher"] == "cdph" and basis is Basis.OBSTETRIC_ESTIMATE and weeks != OF_CDPH:
        raise _Unfit("CDPH counts obstetric estimates of 17 to 47 weeks: say so in weeks, as 17-47")
    return Counting(row["measure"], row["publisher"], basis, weeks, int(per))


def _counts(row: Mapping[str, str]) -> tuple[int | None, int | None]:
    """Numerator and denominator. A small one is refused although it was printed: R24 has no exception."""
    found = []
    for name in ("numerator", "denominator"):
        if row[name] and _COUNT.fullmatch(row[name]) is None:
            raise _Unfit(f"the {name} is a whole number, or empty")
        found.append(int(row[name].replace(",", "")) if row[name] else None)
    numerator, denominator = found
    if numerator is None and denominator is not None:
        raise _Unfit("it has a denominator and no numerator")
    if denominator == 0:
        raise _Unfit("its denominator is 0: there is no one to count")
    if numerator is not None and denominator is not None and numerator > denominator:
        raise _Unfit("its numerator is no part of its denominator")
    rest = (denominator or 0) - (numerator or 0) if denominator is not None else 0
    if any(1 <= (count or 0) <= SMALL for count in (numerator, denominator, rest)):
        raise _Unfit("a count of it is from 1 to 10: too few to show to anyone (rule R24)")
    return numerator, denominator


def _is_printed(printed: str | None) -> None:
    if printed is not None:
        try:
            Printed.read(printed)
        except ValueError as error:
            raise _Unfit(f"what is printed is {error}") from None


def _group(row: Mapping[str, str], initiative: Initiative) -> tuple[str, str]:
    by = row["by"] or str(By.NONE)
    if by not in {By.NONE, *COMPARED}:
        raise _Unfit(f"by is one of {', '.join([By.NONE, *COMPARED])}, or empty")
    group = row["group"] or (EVERYBODY if by == By.NONE else "")
    if (by == By.NONE) != (group == EVERYBODY) or _CODE.fullmatch(group) is None:
        raise _Unfit("the group is a code of its breakdown; all, or empty, where by is none")
    if group not in printed_of(initiative, By(by)):
        raise _Unfit(f"there is no group {group} by {by}")
    return by, group


def _period(text: str, this_year: int) -> tuple[int | None, int | None]:
    if not text:
        return None, None
    found = _PERIOD.fullmatch(text)
    since, until = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if until < since:
        raise _Unfit("the period is a year or two of them, as 2021 or 2019-2021, or empty where none was printed")
    if until >= this_year:
        raise _Unfit("the period has not ended")
    return since, until


def _weeks(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    found = _WEEKS.fullmatch(text)
    if found is None or int(found[1]) > int(found[2]):
        raise _Unfit("the weeks are the first and last that count, as 17-47, or empty")
    return int(found[1]), int(found[2])
