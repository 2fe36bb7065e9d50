"""Health of an HTTP process: alive is answering at all, ready is having what it needs to do its work; its metrics."""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from services.runtime.telemetry import CONTENT_TYPE, Metrics

Ready = Callable[[], Awaitable[Mapping[str, bool]]]


def health_router(ready: Ready | None, metrics: Metrics) -> APIRouter:
    """GET /health/live, /health/ready (503 while one of the named parts is not there) and /metrics; undocumented."""
    router = APIRouter(include_in_schema=False)

    @router.get("/health/live")
    async def live() -> JSONResponse:
        return JSONResponse({"status": "live"})

    @router.get("/health/ready")
    async def is_ready() -> Response:
        return readiness(await ready() if ready is not None else {})

    @router.get("/metrics")
    async def exposition() -> Response:
        return Response(metrics.exposition(), media_type=CONTENT_TYPE)

    return router


def readiness(parts: Mapping[str, bool]) -> Response:
    """The answer of /health/ready: 503 while one of the named parts is not there."""
    good = all(parts.values())
    return JSONResponse({"status": "ready" if good else "waiting", "parts": dict(parts)}, 200 if good else 503)
