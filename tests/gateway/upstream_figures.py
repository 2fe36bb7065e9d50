"""What the twin answers about measures: two that have a share, one that counts clients, one row too few to show."""

from uuid import NAMESPACE_URL, uuid5

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.gateway.upstream_twin import Json, Twin, stamp


def measure(id: str, title: str, of: str, *, counts_clients: bool = False) -> Json:
    by = ["none", "quarter"] if counts_clients else ["none", "quarter", "category", "channel"]
    return {"measure": id, "version": 1, "title": title, "of": of, "text": f"{title}: how.", "note": "n", "by": by,
            "counts_clients": counts_clients}  # fmt: skip


MEASURES = [
    measure("response_rate", "Answered", "referrals"),
    measure("closed_loop_rate", "Closed", "referrals"),
    measure("clients_reached", "Reached", "clients", counts_clients=True),
]


def release(name: str, at: Twin) -> Json:
    return {"release": str(uuid5(NAMESPACE_URL, name)), "name": name, "initiative": "fresno-ptbi",
            "cutoff": stamp(at.now), "since": "2026-01-01T08:00:00Z", "until": "2026-10-01T07:00:00Z",
            "zone": "America/Los_Angeles", "built_at": stamp(at.now), "sha256": "ab" * 32,
            "measures": MEASURES}  # fmt: skip


def row(label: str, numerator: int | None, denominator: int | None) -> Json:
    percent = round(100 * numerator / denominator) if numerator is not None and denominator else None
    return {"label": label, "numerator": numerator, "denominator": denominator, "percent": percent, "missing": 0,
            "pending": None, "excluded": 12}  # fmt: skip


ROWS = {
    "none": [],
    "quarter": [row("2026-Q1", 80, 200), row("2026-Q2", None, None), row("2026-Q3", 120, 200)],
    "channel": [row("letter", 40, 120), row("system", 170, 230)],
    "category": [row("doula", 150, 200), row("food-insecurity", 60, 150), row("wic", None, None)],
}


def figures(twin: Twin, request: Request, _: Json) -> Response:
    asked = request.query_params
    if asked.get("format") == "csv":
        return Response("release,measure\n", media_type="text/csv")
    found = next(each for each in twin.releases if each["release"] == request.path_params["release"])
    chosen = next(each for each in MEASURES if each["measure"] == asked["measure"])
    total = row("", 480, None) if chosen["counts_clients"] else row("", 210, 350)
    return JSONResponse({**found, "measure": chosen, "by": asked["by"], "total": total, "rows": ROWS[asked["by"]]})
