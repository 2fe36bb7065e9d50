"""Owns what the gateway reads from the environment."""

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from services.runtime.settings import CallerSettings, address, local, secret

KEY_HEX_DIGITS = 64
AGENCY_RATE, ADDRESS_RATE = 100.0, 20.0
"""In production, where nothing else is named: far above what a busy agency asks, or all of an office by one address."""


class GatewaySettings(CallerSettings):
    """Where the gateway listens, whom it believes, and where the services behind it are.

    `public_url` is what a browser sees, `api_url` where the pages reach /v1 (default the same). A service behind is
    reached over its Unix socket where one is named, else over its host and port.

    A sign-in that nobody uses for `session_idle_minutes` is over, and the provider asks whoever typed a password longer
    ago for it. `ended_sign_ins` is a folder, shared by all gateway processes, where sign-ins that ended before their
    time are kept.

    Requests a second, and ten times so many at once: `agency_rate` of one agency, `address_rate` of one address of whom
    nobody is known; 0 limits nothing. In development nothing is limited unless it is named. `trusted_proxies` say in
    X-Forwarded-For who asks, and in Client-Cert with which certificate.
    """

    gateway_host: str = "127.0.0.1"
    gateway_port: int = Field(default=8080, ge=0, le=65535)
    api_url: str | None = None
    issuer: str = address()
    jwks_url: str | None = address(default=None)
    client_id: str = "closeknit-pages"
    client_secret: str | None = Field(default=None, repr=False)
    session_key: str = secret()
    session_idle_minutes: int = Field(default=30, ge=1, le=24 * 60)
    ended_sign_ins: Path | None = local(None)
    referrals_socket: Path | None = None
    referrals_host: str = "127.0.0.1"
    referrals_port: int = 8081
    measures_socket: Path | None = None
    measures_host: str = "127.0.0.1"
    measures_port: int = 8082
    initiatives: Path = Path("deploy/initiatives")
    agency_rate: float | None = Field(default=None, ge=0, json_schema_extra={"in_production": AGENCY_RATE})
    address_rate: float | None = Field(default=None, ge=0, json_schema_extra={"in_production": ADDRESS_RATE})

    @field_validator("public_url", "api_url", "issuer")
    @classmethod
    def _is_base_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("an http or https address is expected")
        return value.rstrip("/")

    @field_validator("session_key")
    @classmethod
    def _is_key(cls, value: str) -> str:
        if len(value) != KEY_HEX_DIGITS or not all(digit in "0123456789abcdef" for digit in value):
            raise ValueError("64 lower-case hexadecimal digits are expected")
        return value

    @property
    def rates(self) -> dict[str, float | None]:
        """Requests a second of one agency and of one address; None or 0 where nothing is limited."""
        usual = {"agency": AGENCY_RATE, "address": ADDRESS_RATE} if self.in_production else {}
        named = {"agency": self.agency_rate, "address": self.address_rate}
        return {each: usual.get(each) if rate is None else rate for each, rate in named.items()}

    @property
    def over_https(self) -> bool:
        return self.public_url.startswith("https://")

    def is_public_host(self, host: str) -> bool:
        """Whether a Host header names the public address; the scheme's own port may be left away."""
        usual = ":443" if self.over_https else ":80"
        public = urlsplit(self.public_url).netloc
        return host.lower().removesuffix(usual) == public.lower().removesuffix(usual)

    def service_addresses(self) -> dict[str, tuple[Path | None, str]]:
        """Socket and base address of each service behind, by the name that the OpenAPI document gives it."""
        return {
            "referrals": (self.referrals_socket, f"http://{self.referrals_host}:{self.referrals_port}"),
            "measures": (self.measures_socket, f"http://{self.measures_host}:{self.measures_port}"),
        }
