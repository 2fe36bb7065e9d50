"""What the measures processes read from the environment."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from services.runtime.settings import CallerSettings, KafkaSettings, local, secret


class MeasuresSettings(KafkaSettings, CallerSettings):
    """Settings of `serve`, `consume` and the commands on figures; each is CLOSEKNIT_ and its name in capitals."""

    measures_dsn: str = secret()
    initiatives: Path = Path("deploy/initiatives")
    issuer: str = local("http://127.0.0.1:8084", over_tls=True)
    jwks_url: str = local("http://127.0.0.1:8084/jwks", over_tls=True)
    measures_host: str = "127.0.0.1"
    measures_port: int = Field(default=8082, ge=0, le=65_535)
    measures_socket: Path | None = None
    consume_instance: str = Field(default="consume-1", pattern=r"^[a-z0-9-]{1,60}$")
    consume_group: str = Field(default="measures", pattern=r"^[a-z0-9-]{1,60}$")
    invalid_limit: int = Field(default=100, ge=0)
