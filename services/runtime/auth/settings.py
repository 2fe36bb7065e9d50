"""Owns what a process that serves callers reads from the environment, to know what they must show."""

from typing import Final

from services.runtime.auth.possession import UNIX, Possession
from services.runtime.settings import RuntimeSettings, local

BOUND_IN_PRODUCTION: Final = frozenset({"system"})


class CallerSettings(RuntimeSettings):
    """`public_url` is where callers send requests, which their proofs of possession must name. `trusted_proxies` are
    addresses, with commas, that are believed in what they say of a caller: whoever else says it is not. Tokens of
    `bound_roles` (with commas) are bound to a key or a certificate, or refused; in production that of a system always.
    """

    public_url: str = local("http://127.0.0.1:8080", over_tls=True)
    trusted_proxies: str = ""
    bound_roles: str = ""

    @property
    def proxies(self) -> frozenset[str]:
        return frozenset(_split(self.trusted_proxies))

    def possession(self, *, behind_socket: bool = False) -> Possession:
        """`behind_socket`: a Unix socket that none but the gateway can open."""
        bound = frozenset(_split(self.bound_roles)) | (BOUND_IN_PRODUCTION if self.in_production else frozenset())
        proxies = self.proxies | ({UNIX} if behind_socket else set())
        return Possession(self.public_url, proxies=proxies, bound=bound)


def _split(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]
