"""What the twin answers about measures: two that have a share, one that counts clients, one row too few to show."""

from uuid import NAMESPACE_URL, uuid5

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.gateway.upstream_twin import HUB, Json, Twin, problem, stamp

GROUPED = ["none", "quarter", "spd15_aoic", "language", "zip_group", "category", "channel"]


def measure(id: str, title: str, of: str, *, counts_clients: bool = False) -> Json:
    by = ["none", "quarter"] if counts_clients else GROUPED
    return {"measure": id, "version": 1, "title": title, "of": of, "text": f"{title}: how.\n\nWho is counted: all.",
            "note": "n", "by": by, "counts_clients": counts_clients, "direction": "more", "anchor": "ours",
            "kind": "clients" if counts_clients else "proportion", "sensitive": False}  # fmt: skip


MEASURES = [
    measure("response_rate", "Answered", "referrals"),
    measure("closed_loop_rate", "Closed", "referrals"),
    measure("clients_reached", "Reached", "clients", counts_clients=True),
]
QUALITY = {"agencies_on_system": 34, "agencies_reporting": 29, "agencies_not_on_system": 6, "parked": 0}
LENGTHS = {4: "year", 7: "quarter", 9: "three_years"}
COMING = [
    {"period": "quarter", "name": "2026-Q4", "since": "2026-10-01T07:00:00Z", "until": "2027-01-01T08:00:00Z",
     "due_on": "2027-02-15"},
    {"period": "three_years", "name": "2025-2027", "since": "2025-01-01T08:00:00Z", "until": "2028-01-01T08:00:00Z",
     "due_on": "2028-02-15"},
]  # fmt: skip


def release(name: str, at: Twin, *, state: str = "published", withheld: list[Json] | None = None) -> Json:
    period, year = name.rpartition(".")[0], int(name[:4])
    quarter = int(period[-1]) if "Q" in period else 4
    gone = {"at": stamp(at.now), "reason": "Counted twice."} if state == "withdrawn" else None
    measures = [each for each in MEASURES if each["measure"] not in {one["measure"] for one in withheld or []}]
    return {"release": str(uuid5(NAMESPACE_URL, name)), "name": name, "initiative": "fresno-ptbi",
            "period": LENGTHS[len(period)], "state": state, "withdrawn": gone, "withheld": withheld or [],
            "cutoff": stamp(at.now), "since": f"{year}-{3 * quarter - 2:02}-01T08:00:00Z",
            "until": f"{year + quarter // 4}-{3 * quarter % 12 + 1:02}-01T07:00:00Z",
            "zone": "America/Los_Angeles", "begins_on": None, "built_at": stamp(at.now),
            "sha256": "ab" * 32, "built_by_me": False,
            "approved_at": None if state == "draft" else stamp(at.now), "measurement_consent": "not_required",
            "references": {each["measure"]: {"spd15_aoic": "white"} for each in measures}, "measures": measures,
            "quality": QUALITY,
            "actions": ["approve", "withdraw"] if state == "draft" else ["withdraw"] if state == "published" else [],
            "views": [{"measure": each["measure"], "by": by} for each in measures for by in each["by"]]}  # fmt: skip


def row(label: str, numerator: int | None, denominator: int | None) -> Json:
    percent = round(100 * numerator / denominator) if numerator is not None and denominator else None
    low, high = (None, None) if percent is None else (max(0.0, percent - 8.0), min(100.0, percent + 8.0))
    return {"label": label, "numerator": numerator, "denominator": denominator, "percent": percent, "low": low,
            "high": high, "unsteady": percent is not None and (denominator or 0) < 100, "missing": 0, "pending": None,
            "excluded": 12}  # fmt: skip


ROWS = {
    "none": [],
    "quarter": [row("2026-Q1", 80, 200), row("2026-Q2", None, None), row("2026-Q3", 120, 200)],
    "channel": [row("letter", 40, 120), row("system", 170, 230)],
    "category": [row("doula", 150, 200), row("food-insecurity", 60, 150), row("wic", None, None)],
    "language": [row("en", 120, 200), row("es", 60, 90), row("hmn", None, None), row("not_known", 30, 60)],
    "zip_group": [row("fresno-city", 120, 200), row("northwest-fresno", 0, 0)],
    "spd15_aoic": [
        *(row("asian", 106, 174), row("black_african_american", 77, 148), row("hispanic_latino", 386, 612)),
        *(row("native_hawaiian_pacific_islander", None, None), row("white", 157, 231), row("not_known", 36, 96)),
        row("american_indian_alaska_native", 0, 0),
    ],
}


def gap(label: str, value: float | None, *, chance: bool = False) -> Json:
    if value is None:
        return {"label": label, "difference": None, "ratio": None, "excess": None, "behind": None, "absent": "too_few"}
    between = {"value": value, "low": value - 10, "high": value + 10, "chance": chance}
    return {"label": label, "difference": between, "ratio": {**between, "value": 0.8}, "excess": round(value * 1.5, 1),
            "behind": value < 0, "absent": None}  # fmt: skip


GAPS = {
    "reference": "white",
    "per_days": None,
    "within_days": None,
    "groups": [
        *(gap("black_african_american", -15.9), gap("asian", -7.0), gap("hispanic_latino", 4.9)),
        gap("native_hawaiian_pacific_islander", None),
    ],
    "mean_ratio": None,
    "highest_less_lowest": None,
    "highest_to_lowest": None,
    "attributable": None,
}


def other_kind(id: str, kind: str) -> Json:
    """A measure whose figures are no share."""
    return measure(id, id, "contacts") | {"kind": kind}


RATE = {"value": 1.84, "low": 1.2, "high": 2.7, "unstable": False, "per": 30}
OTHER_KINDS = [other_kind("contact_dose", "rate"), other_kind("outcome_mix", "mix"),
               other_kind("days_until_recorded", "distribution")]  # fmt: skip


def pieces(units: dict[str, int]) -> Json:
    """Each piece as a share of all of them, with an interval."""
    shares = {name: part / sum(units.values()) for name, part in units.items()}
    return {name: {"value": value, "low": max(0.0, value - 0.05), "high": min(1.0, value + 0.05), "unstable": False}
            for name, value in shares.items()}  # fmt: skip


OUTCOMES = {"connected": 180, "expired": 90, "still_open": 30}
BANDS = {"up to 1": 90, "2-7": 45, "8+": 15}
BESIDE: dict[str, Json] = {
    "contact_dose": {"rate": RATE},
    "outcome_mix": {"shares": OUTCOMES, "pieces": pieces(OUTCOMES)},
    "days_until_recorded": {
        "spread": {"mean": 3.1, "median": 2.0, "p90": 9.0, "bands": BANDS}, "pieces": pieces(BANDS),
    },
}  # fmt: skip
"""What stands in the total and in every row that is shown, of measures that are no share."""


def beside(measure: Json, each: Json) -> Json:
    """A row with what stands beside its numbers; each row of a rate has another one."""
    more = {} if measure["kind"] == "proportion" else BESIDE.get(measure["measure"], {})
    if not more or each["numerator"] is None or not each["denominator"]:
        return each
    if rate := more.get("rate"):
        value = round(10 * each["numerator"] / each["denominator"], 2)
        more = {"rate": {**rate, "value": value, "low": value - 0.6, "high": value + 0.8}}
    return {**each, "percent": None, "low": None, "high": None, "unsteady": False, **more}


OF_LANGUAGES: dict[str, Json] = {}
"""Gaps between languages, by measure."""


TOTALS: dict[str, tuple[int | None, int | None]] = {}
"""Of measures whose total is another one."""


OF_RELEASE: dict[str, list[Json]] = {}  # rows that one release has in place of those of all


def figures(twin: Twin, request: Request, _: Json) -> Response:
    asked = request.query_params
    if asked.get("format") == "csv":
        return Response(f"release,measure\nin,{asked.get('language')}\n", media_type="text/csv")
    found = next((each for each in twin.releases if each["release"] == request.path_params["release"]), None)
    if found is None:
        return problem(404, "not-found")
    chosen = next(each for each in found["measures"] if each["measure"] == asked["measure"])
    total = row("", *TOTALS.get(chosen["measure"], (480, None) if chosen["counts_clients"] else (210, 350)))
    gaps = GAPS if asked["by"] == "spd15_aoic" and chosen["measure"] == "response_rate" else None
    if asked["by"] == "language":
        gaps = OF_LANGUAGES.get(chosen["measure"])
    total, *rows = (beside(chosen, each) for each in (total, *OF_RELEASE.get(found["release"], ROWS[asked["by"]])))
    frozen = {name: found[name] for name in ("release", "name", "cutoff", "since", "until", "begins_on")}
    return JSONResponse({**frozen, "measure": chosen, "by": asked["by"], "total": total, "rows": rows,
                         "gaps": gaps, "quality": {**QUALITY, "agencies": 31}})  # fmt: skip


OWN_PERIODS = ["2026-Q4", "2026-Q3", "2026", "2025-2027"]


def own_figures(twin: Twin, request: Request, _: Json) -> Response:
    """Three figures of everything that happened in 2026-Q3, none of any other time."""
    period = request.query_params.get("period", "2026-Q3")
    if request.path_params["agency"] != HUB["agency"]:
        return problem(404, "not-found")
    if period not in OWN_PERIODS:
        return problem(422, "period-unknown")
    counts = [(7, 9), (0, 0), (4, None)] if period == "2026-Q3" else [(0, 0), (0, 0), (0, None)]
    items = [
        {**row("", *each), "measure": measure, "pending": 1 if each[0] else 0, "excluded": 2 if each[0] else 0}
        for measure, each in zip(MEASURES, counts, strict=True)
    ]
    if period == "2026-Q3":
        items += [{**beside(each, row("", 30, 80)), "measure": each, "pending": 0} for each in OTHER_KINDS]
    items = [
        {name: value for name, value in item.items() if name not in {"label", "unsteady", "pieces"}} for item in items
    ]
    return JSONResponse({"agency": request.path_params["agency"], "period": period, "periods": OWN_PERIODS,
                         "since": "2026-07-01T07:00:00Z", "until": "2026-10-01T07:00:00Z", "cutoff": stamp(twin.now),
                         "items": items})  # fmt: skip


CHANGES = {
    "": {"value": 1.0, "low": -4.0, "high": 6.0, "chance": True},
    "black_african_american": {"value": 5.0, "low": 1.0, "high": 9.0, "chance": False},
}
LATE: dict[str, object] = {"at_least": 40, "direction": None}
CLOSED = {"black_african_american": 24.0}
GAP_MOVED = {"value": -5.0, "low": -9.0, "high": -1.0, "chance": False}


def changes(twin: Twin, request: Request, _: Json) -> Response:
    rows = [{"label": label, "points": points, "closed": CLOSED.get(label),
             "gap": GAP_MOVED if label in CLOSED else None, "absent": None}
            for label, points in CHANGES.items()]  # fmt: skip
    asked = request.query_params
    return JSONResponse({"release": request.path_params["release"], "since": asked["since"], "by": asked["by"],
                         "measure": asked["measure"], "comparable": True, "per_days": None, "within_days": None,
                         "rows": rows, "late": LATE})  # fmt: skip


RULES = [("answered", "met", "answered within 14 days"), ("silent", "unmet", "not answered"),
         ("taken_back", "excluded", "ended by its sender or by her before any answer (R25)"),
         ("new", "missing", "nobody translated this")]  # fmt: skip


def explanation(twin: Twin, request: Request, _: Json) -> Response:
    found = next((each for each in twin.releases if each["release"] == request.path_params["release"]), None)
    if found is None:
        return problem(404, "not-found")
    chosen = next((each for each in found["measures"] if each["measure"] == request.query_params["measure"]), None)
    if chosen is None:
        return problem(422, "measure-unknown")
    units = 30 if chosen["kind"] == "mix" else None
    rules = [{"rule": code, "standing": standing, "words": words, "units": units if standing == "met" else None}
             for code, standing, words in RULES]  # fmt: skip
    return JSONResponse({"release": found["release"], "name": found["name"], "measure": chosen, "rules": rules,
                         "standings": {"met": 210, "unmet": None, "excluded": 12, "missing": 0},
                         "hides": ["of a sensitive measure none and all, too"]})  # fmt: skip


def build(twin: Twin, _: Request, body: Json) -> Response:
    if twin.still_building:
        twin.still_building -= 1
        return JSONResponse({"name": body["period"], "state": "building"}, 202)
    made = release(f"{body['period']}.1", twin, state="draft") | {"built_by_me": True, "actions": ["withdraw"]}
    twin.releases.insert(0, made)
    return JSONResponse(made, 201)


def approve(twin: Twin, request: Request, _: Json) -> Response:
    return _changed(twin, request, {"state": "published", "approved_at": stamp(twin.now), "actions": ["withdraw"]})


def withdraw(twin: Twin, request: Request, body: Json) -> Response:
    gone = {"at": stamp(twin.now), "reason": body["reason"]}
    return _changed(twin, request, {"state": "withdrawn", "withdrawn": gone, "actions": []})


def _changed(twin: Twin, request: Request, change: Json) -> Response:
    found = next(each for each in twin.releases if each["release"] == request.path_params["release"])
    found.update(change)
    return JSONResponse(found)
