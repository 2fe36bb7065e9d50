"""What the twin answers about targets: two baselines, one of them followed over windows, and figures in print."""

from tests.gateway.upstream_twin import Json

COUNTED: Json = {"origin": "population", "measure": "preterm_birth", "publisher": "practice",
                 "basis": "obstetric_estimate", "weeks": [17, 47], "per": 100}  # fmt: skip
SOURCE = "Invented for practice: nobody's births"


def window(since: int, numerator: int, denominator: int) -> Json:
    percent = round(100 * numerator / denominator, 2)
    rate = {"percent": percent, "low": percent - 0.4, "high": percent + 0.4, "unstable": False}
    return {"counted": COUNTED, "by": "none", "group": "all", "since": since, "until": since + 2,
            "numerator": numerator, "denominator": denominator, "rate": rate, "sources": [SOURCE],
            "practice": True}  # fmt: skip


def progress(baseline: str, start: float, of: Json) -> Json:
    points = round(of["rate"]["percent"] - 7, 2)
    between = {"value": points, "low": points - 0.4, "high": points + 0.4}
    births = {"value": round(points * of["denominator"] / 100), "low": 0, "high": None}
    remains = {"said_as": "level", "percent": 7.0, "reduction_percent": 36.9, "points": between, "births": births,
               "way_percent": None}  # fmt: skip
    return {"baseline": baseline, "start_percent": start, "window": of, "remains": [remains],
            "reduced_percent": {"value": 11.7, "low": 8.1, "high": None}}  # fmt: skip


def baseline(name: str, percent: float) -> Json:
    return {"name": name, "percent": percent, "percent_to": None, "by": "none", "group": "all", "beside": False,
            "population": {"en": "all births in Example County", "es": "todos los nacimientos"},
            "whom": None, "source": f"Example Gazette, {name}"}  # fmt: skip


def gap(label: str, points: float | None, *, chance: bool = False) -> Json:
    if points is None:
        return {"label": label, "difference": None, "ratio": None, "excess": None, "behind": None, "absent": "no_one"}
    between = {"value": points, "low": points - 2, "high": points + 2, "chance": chance}
    return {"label": label, "difference": between, "ratio": None if points < 0 else {**between, "value": 1.6},
            "excess": round(points * 12.7, 1), "behind": points > 0, "absent": None}  # fmt: skip


def gaps(since: int, *groups: Json) -> Json:
    return {"counted": COUNTED, "by": "cdph8_exclusive", "since": since, "until": since + 2, "practice": True,
            "closed_percent": {"african_american": 10.9, "hispanic": None},
            "gaps": {"reference": "white", "per_days": None, "within_days": None, "groups": list(groups),
                     "mean_ratio": 1.47, "highest_less_lowest": 4.8,
                     "highest_to_lowest": 1.63, "attributable": 22.4}}  # fmt: skip


def ratio(since: int, found: float | None, *too_small: str) -> Json:
    return {"counted": COUNTED, "by": "cdph8_exclusive", "chosen_since": since - 3, "since": since, "until": since + 2,
            "ratio": found, "compared_with": None if found is None else "asian", "before": 1.49, "changed": False,
            "too_small": list(too_small), "practice": True}  # fmt: skip


GAPS = [
    gaps(2020, gap("african_american", 5.4), gap("hispanic", 2.8)),
    gaps(2023, gap("african_american", 4.8), gap("hispanic", -0.4, chance=True), gap("pacific_islander", None)),
]
WINDOWS = [window(2020, 3024, 29900), window(2023, 2907, 29790)]
TARGETS: list[Json] = [
    {
        "statement": {"en": "Fewer births too early", "es": "Menos nacimientos antes de tiempo"},
        "by_year": 2025,
        "percent": 7.0,
        "reduction_percent": 37.0,
        "source": "Example Gazette",
        "note": None,
        "measure": "preterm_birth",
        "window_years": 3,
        "baselines": [baseline("announced", 11.1), baseline("looking-back", 10.3)],
        "progress": [progress("announced", 11.1, each) for each in WINDOWS],
        "gaps": GAPS,
        "disparity_ratios": [ratio(2020, None, "pacific_islander"), ratio(2023, 1.47)],
    }
]


def printed(year: int, numerator: int | None, denominator: int | None, said: str, differs: str | None) -> Json:
    recomputed = None if numerator is None or not denominator else f"{100 * numerator / denominator:.1f}"
    return {"counted": COUNTED, "by": "none", "group": "all", "since": year, "until": year, "numerator": numerator,
            "denominator": denominator, "printed": said, "recomputed": recomputed, "difference": differs, "rate": None,
            "source": SOURCE, "version": 1, "practice": True}  # fmt: skip


FIGURES = [
    printed(2020, 1021, 9970, "10.2", None),
    printed(2021, 1008, 9960, "9.7", "+0.4"),
    printed(2015, None, None, "12", None),
]
