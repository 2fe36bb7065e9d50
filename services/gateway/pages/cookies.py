"""Owns how our cookies are closed: to scripts, to other sites, to a line that others read, to what they are not for."""

from typing import Any, Literal

from services.gateway.settings import GatewaySettings


def closed(
    settings: GatewaySettings, path: str = "/", *, to_others: Literal["lax", "strict"] = "lax"
) -> dict[str, Any]:
    """How a cookie is set, and taken back. `to_others`: `lax` comes along where somebody follows a link to us."""
    return {"path": path, "secure": settings.over_https, "httponly": True, "samesite": to_others}
