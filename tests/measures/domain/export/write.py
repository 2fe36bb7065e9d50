"""Writes the two exports of one agency that pm4py reads: the same story each time, told by nobody's chance."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.measures.domain.eventlog import COLUMNS, ocel, of_agency, rows
from services.measures.domain.measure import AsOf
from services.measures.domain.period import Period
from tests.measures.published import CLINIC, START, busy, pseudonym
from tests.measures.telling import full_life

HERE = Path(__file__).parent


def exports() -> dict[str, str]:
    """The text of each file, by its name."""
    log = busy(6, 6, hours=31)
    for number in range(3):
        full_life(log, pseudonym(100 + number), days=40 * number)
    as_of = AsOf(datetime(2030, 1, 1, tzinfo=UTC), UTC)
    found = list(of_agency(sorted(log.journeys()), CLINIC, Period(START - timedelta(days=400), as_of.cutoff), as_of))
    table = io.StringIO(newline="")
    csv.writer(table, lineterminator="\n").writerows([COLUMNS, *rows(found)])
    return {"clinic.ocel.json": json.dumps(ocel(found)) + "\n", "clinic.csv": table.getvalue()}


def main() -> None:
    for name, text in exports().items():
        (HERE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
