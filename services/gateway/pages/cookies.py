"""Owns our cookies: their names, and how they are closed to scripts, to other sites and to what they are not for."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Cookies:
    """`hers`: a client's own, beside those of a member of staff in the same browser, and never taken for them."""

    over_https: bool

    def session(self, *, hers: bool = False) -> str:
        """`__Host-` binds it to this host and to https (RFC 6265bis)."""
        return f"{'__Host-' if self.over_https else ''}closeknit{'-hers' if hers else ''}"

    def used(self, *, hers: bool = False) -> str:
        """When that session was last used."""
        return f"{self.session(hers=hers)}-used"

    def closed(self, path: str = "/", *, hers: bool = False) -> dict[str, Any]:
        """How one is set, and taken back. A client's does not come along where somebody follows a link to us."""
        same_site = "strict" if hers else "lax"
        return {"path": path, "secure": self.over_https, "httponly": True, "samesite": same_site}
