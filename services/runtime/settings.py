"""How a process reads its settings: from the environment only, typed, and never from a default secret in production.

Among them where Kafka is and as whom to come to it (SASL with SCRAM-SHA-512, over TLS where an authority is named),
and what callers must show.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

_LOCAL, _OVER_TLS = "local", "over_tls"
_SCRAM = "SCRAM-SHA-512"
_SECRET = "secret"  # noqa: S105 - the key under which a field says that it holds one


class SettingsProblem(Exception):
    """Some settings are missing or unusable. The message names the variables, never their values."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__("; ".join(f"{name}: {why}" for name, why in sorted(self.problems.items())))


def secret(*, development: str | None = None) -> Any:
    """A field that holds a secret (a password, a DSN with one, a key).

    It is left out of `repr`. `development` is its value where nothing is set and the environment is development; in
    production a missing secret, or one equal to that value, is a `SettingsProblem`.
    """
    return Field(repr=False, json_schema_extra={_SECRET: True, "development": development})


def local(default: Any, *, over_tls: bool = False) -> Any:
    """A field whose default is for everything on one machine: in production it has to be named, and otherwise."""
    return Field(default=default, json_schema_extra={_LOCAL: True, _OVER_TLS: over_tls})


def address(**default: Any) -> Any:
    """A field that holds an address of the network, which begins with https in production."""
    return Field(**default, json_schema_extra={_OVER_TLS: True})


class RuntimeSettings(BaseModel):
    """What every process reads. A service's settings are a subclass with more fields.

    The variable of a field is `CLOSEKNIT_` and its name in capitals. Variables of other services are left alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    PREFIX: ClassVar[str] = "CLOSEKNIT_"

    environment: Literal["development", "production"] = "production"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    telemetry: Path | None = None
    trace_ratio: float = Field(default=0.02, ge=0.0, le=1.0)
    heartbeat: Path | None = None

    @property
    def in_production(self) -> bool:
        """True unless the environment was named `development`."""
        return self.environment == "production"

    @classmethod
    def variables(cls) -> dict[str, FieldInfo]:
        """The variables that this process reads, by name."""
        return {cls.PREFIX + name.upper(): field for name, field in cls.model_fields.items()}

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Read the settings; an empty variable counts as not set.

        Raises `SettingsProblem` with every variable that is missing or unusable.
        """
        development = environ.get(cls.PREFIX + "ENVIRONMENT") == "development"
        found: dict[str, str] = {}
        problems: dict[str, str] = {}
        for variable, field in cls.variables().items():
            value = environ.get(variable) or None
            if _is_secret(field):
                value, problem = _secret_value(value, field, development)
                problems |= {variable: problem} if problem else {}
            elif not development and (problem := _unfit(value, field)) is not None:
                problems[variable] = problem
            if value is not None:
                found[variable.removeprefix(cls.PREFIX).lower()] = value
        try:
            settings = cls.model_validate(found)
        except ValidationError as error:
            raise SettingsProblem(_by_variable(cls.PREFIX, error) | problems) from None
        if problems:
            raise SettingsProblem(problems)
        return settings


def is_local(field: FieldInfo) -> bool:
    """Whether its default is for everything on one machine."""
    return _says(field, _LOCAL)


def _is_secret(field: FieldInfo) -> bool:
    return _says(field, _SECRET)


def _says(field: FieldInfo, key: str) -> bool:
    return isinstance(field.json_schema_extra, dict) and bool(field.json_schema_extra.get(key))


def _unfit(value: str | None, field: FieldInfo) -> str | None:
    """Why production refuses it. Whether a field without a default is set is looked at later."""
    if is_local(field) and value in {None, str(field.default)}:
        return "is for one machine where nothing else is named: production names its own"
    if _says(field, _OVER_TLS) and value is not None and not value.startswith("https://"):
        return "begins with https:// in production"
    return None


def _secret_value(value: str | None, field: FieldInfo, development: bool) -> tuple[str | None, str | None]:
    """The value to use, and what is wrong with it."""
    extra = field.json_schema_extra
    default = extra.get("development") if isinstance(extra, dict) else None
    fallback = default if isinstance(default, str) else None
    if development:
        return value or fallback, None
    if value is None:
        return None, "is a secret and is not set"
    if value == fallback:
        return None, "is the development default, which production refuses"
    return value, None


def _by_variable(prefix: str, error: ValidationError) -> dict[str, str]:
    return {prefix + str(item["loc"][0]).upper(): item["msg"] for item in error.errors(include_input=False)}


@dataclass(frozen=True)
class Broker:
    """`bootstrap`: host:port of one broker or more, with commas. `user` with a file that holds the password; `ca`: the
    authority that signed the brokers' certificates, in PEM. Without a user it is a broker of this machine's own.
    """

    bootstrap: str
    user: str | None = None
    password_file: Path | None = None
    ca: Path | None = None

    def options(self) -> dict[str, object]:
        """What every client is told. Raises SettingsProblem where password or authority cannot be read."""
        found: dict[str, object] = {"bootstrap_servers": self.bootstrap}
        if self.ca is not None:
            found |= {"ssl_cafile": str(_authority(self.ca)), "security_protocol": "SSL"}
        if self.user is not None:
            found |= {
                "security_protocol": "SASL_PLAINTEXT" if self.ca is None else "SASL_SSL",
                "sasl_mechanism": _SCRAM,
                "sasl_plain_username": self.user,
                "sasl_plain_password": self._password(),
            }
        return found

    def _password(self) -> str:
        try:
            password = self.password_file.read_text(encoding="utf-8").strip() if self.password_file else ""
        except OSError:
            password = ""
        if not password:
            raise SettingsProblem({"CLOSEKNIT_KAFKA_PASSWORD_FILE": "holds no password that can be read"})
        return password


def _authority(file: Path) -> Path:
    import ssl  # noqa: PLC0415 -- for who speaks to a broker alone

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
    except OSError:  # an ssl.SSLError is one
        raise SettingsProblem({"CLOSEKNIT_KAFKA_CA": "holds no certificate that can be read"}) from None
    return file


Kafka = Broker | str
"""A broker; one that asks nobody who they are is its address alone."""


def options_of(kafka: Kafka) -> dict[str, object]:
    """What a client of this broker is told."""
    return (kafka if isinstance(kafka, Broker) else Broker(kafka)).options()


class KafkaSettings(RuntimeSettings):
    """What every process that speaks to Kafka reads: a broker that asks nobody, in the clear, is for one machine."""

    kafka: str = local("127.0.0.1:9092")
    kafka_user: str | None = local(None)
    kafka_password_file: Path | None = local(None)
    kafka_ca: Path | None = local(None)

    @property
    def broker(self) -> Broker:
        """Where Kafka is, and as whom to come to it. Raises SettingsProblem where a file of it cannot be read."""
        broker = Broker(self.kafka, self.kafka_user, self.kafka_password_file, self.kafka_ca)
        broker.options()
        return broker


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

    @property
    def bound(self) -> frozenset[str]:
        return frozenset(_split(self.bound_roles)) | (BOUND_IN_PRODUCTION if self.in_production else frozenset())


def _split(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]
