"""An agency's own clients' journeys for process mining: its events alone, taken out on the machine itself.

Working groups get none: what they may see of it is in no release.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Literal

from services.measures.application.looking import Asked, look
from services.measures.domain.eventlog import COLUMNS, ocel, of_agency, rows
from services.measures.settings import MeasuresSettings
from services.measures.store.directory import agency_types

Format = Literal["ocel", "csv"]


class UnknownAgency(Exception):
    """The initiative has no agency of that name, in its configuration or its directory."""


def exported(settings: MeasuresSettings, asked: Asked, agency: str, form: Format) -> Iterator[str]:
    """The export, a piece of text after the other. Raises UnknownAgency at the first."""
    with look(settings, asked, sensitive=False) as seen:
        listed = {each.id for each in asked.initiative.agencies}
        listed |= agency_types(settings, asked.initiative.slug, seen.as_of.cutoff).keys()
        if agency not in listed:
            raise UnknownAgency
        entries = of_agency(seen.journeys, agency, seen.period, seen.as_of)
        if form == "ocel":
            yield json.dumps(ocel(entries), indent=1)
            return
        for row in (COLUMNS, *rows(entries)):
            line = io.StringIO(newline="")
            csv.writer(line, lineterminator="\n").writerow(row)
            yield line.getvalue().removesuffix("\n")
