"""Writes EXPECTED.pm4py.json: what pm4py reads in the two exports beside it, which nobody here counted.

pm4py is heavy and no dependency of the tests: run this in an environment of its own after the exports have changed
(`python -m tests.measures.domain.export.write`), as `python tests/measures/domain/export/by_pm4py.py`.
"""

import json
from collections import Counter
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def main() -> None:
    pm4py, pandas = import_module("pm4py"), import_module("pandas")
    ocel = pm4py.read_ocel2_json(str(HERE / "clinic.ocel.json"))
    flat = pm4py.ocel_flattening(ocel, "client")
    frame = pandas.read_csv(HERE / "clinic.csv")
    log = pm4py.format_dataframe(
        frame, case_id="case:concept:name", activity_key="concept:name", timestamp_key="time:timestamp"
    )
    expected = {
        "pm4py": version("pm4py"),
        "events": len(ocel.events),
        "objects": dict(sorted(Counter(ocel.objects["ocel:type"]).items())),
        "activities": dict(sorted(Counter(ocel.events["ocel:activity"]).items())),
        "relations": dict(sorted(Counter(ocel.relations["ocel:qualifier"]).items())),
        "of_clients": followed(pm4py, flat),
        "of_the_csv": followed(pm4py, log),
        "resources": dict(sorted(Counter(log["org:resource"]).items())),
    }
    (HERE / "EXPECTED.pm4py.json").write_text(json.dumps(expected, indent=1) + "\n", encoding="utf-8")


def followed(pm4py: Any, log: Any) -> dict[str, int]:
    """What directly follows what, as `one -> other`, with how often."""
    found, _, _ = pm4py.discover_dfg(log)
    return {f"{one} -> {other}": int(count) for (one, other), count in sorted(found.items())}


if __name__ == "__main__":
    main()
