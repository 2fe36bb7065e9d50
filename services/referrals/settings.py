"""What the referrals processes read from the environment: databases, keys, initiatives, issuer, addresses."""

from pathlib import Path

from pydantic import Field

from services.runtime.settings import CallerSettings, KafkaSettings, RuntimeSettings, address, secret


class TimersSettings(RuntimeSettings):
    """Settings of `timers`: the event store and the initiatives; no key, and nothing of the vault."""

    referrals_dsn: str = secret()
    initiatives: Path = Path("deploy/initiatives")


class StoreSettings(TimersSettings):
    """What `serve` and `relay` both need beside it: the keys of pseudonyms and seals."""

    keys: Path


class VaultSettings(RuntimeSettings):
    """What reaches the vault: its database, the folder of the root key, and the key service.

    The months' key-encryption keys lie in that folder, or, where `transit_url` is set, in a HashiCorp Vault whose
    transit engine we reach with the token in `transit_token_file`.
    """

    identity_dsn: str = secret()
    keys: Path
    transit_url: str | None = address(default=None, pattern=r"^https?://[^\s]+$")
    transit_token_file: Path | None = None
    transit_mount: str = Field(default="transit", pattern=r"^[a-z0-9/_-]+$")
    transit_prefix: str = Field(default="closeknit", pattern=r"^[a-z0-9_-]+$")
    transit_ca_file: Path | None = None


class DeskSettings(StoreSettings, VaultSettings):
    """What a whole desk needs: the store, the vault, the keys."""


class ServeSettings(DeskSettings, CallerSettings):
    """Settings of `serve`. It listens on a TCP port and, where named, a Unix socket for the gateway.

    `letter_faces`: a folder of TrueType faces for scripts that no package of ours has (letter_faces.py). A code that is
    given to a client is good for `access_code_days`, once, and her sign-in for `client_session_minutes`.
    """

    issuer: str = address()
    jwks_url: str = address()
    referrals_host: str = "127.0.0.1"
    referrals_port: int = Field(default=8081, ge=0, le=65535)
    referrals_socket: Path | None = None
    letter_faces: Path | None = None
    access_code_days: int = Field(default=7, ge=1, le=90)
    client_session_minutes: int = Field(default=30, ge=5, le=240)


class RelaySettings(StoreSettings, KafkaSettings):
    """Settings of `relay`. `kafka` is host:port of one broker or more, with commas."""


class MigrateSettings(RuntimeSettings):
    """Settings of `migrate`: connection strings of the owner, and of the logins whose passwords are set from them."""

    referrals_owner_dsn: str = secret()
    identity_owner_dsn: str = secret()
    referrals_dsn: str = secret()
    identity_dsn: str = secret()
