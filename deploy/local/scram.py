"""Owns a broker that asks who one is: SASL/SCRAM-SHA-512 for clients, nobody let through whom no rule names."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local import ports

OPERATOR = "operator"
"""Who may do everything: the brokers themselves and whoever runs `closeknit topics`."""

CONTROLLER = "controller"
MECHANISM = "SCRAM-SHA-512"
ITERATIONS = 8192
_LISTENER = "listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config"
_TLS = "listener.name.sasl_ssl"
_PROTOCOLS = "SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL,CONTROLLER:SASL_PLAINTEXT"
_MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule"
_PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule"


@dataclass(frozen=True)
class Tls:
    """Where the broker also listens over TLS, and the PEM file with its key and certificate."""

    port: int
    certificate: Path


@dataclass(frozen=True, repr=False)
class Secured:
    """The passwords of a secured broker, by user; the operator's is among them."""

    passwords: Mapping[str, str]
    tls: Tls | None = None

    def settings(self, port: int, controller_port: int) -> dict[str, str]:
        """What the node is told beside its other settings.

        SCRAM's verifiers lie in the controllers' own log, so between node and controller it is SASL/PLAIN on loopback.
        """
        here, own = ports.LOOPBACK, secrets.token_urlsafe(24)
        at = [f"SASL_PLAINTEXT://{here}:{port}", *([f"SASL_SSL://{here}:{self.tls.port}"] if self.tls else [])]
        between = f'{_PLAIN} required username="{CONTROLLER}" password="{own}" user_{CONTROLLER}="{own}";'
        return {
            "listeners": ",".join([*at, f"CONTROLLER://{here}:{controller_port}"]),
            "advertised.listeners": ",".join(at),
            "listener.security.protocol.map": _PROTOCOLS,
            "inter.broker.listener.name": "SASL_PLAINTEXT",
            "sasl.enabled.mechanisms": MECHANISM,
            "sasl.mechanism.inter.broker.protocol": MECHANISM,
            _LISTENER: f'{_MODULE} required username="{OPERATOR}" password="{self.passwords[OPERATOR]}";',
            "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
            "sasl.mechanism.controller.protocol": "PLAIN",
            "listener.name.controller.plain.sasl.jaas.config": between,
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "allow.everyone.if.no.acl.found": "false",
            "super.users": f"User:{OPERATOR};User:{CONTROLLER}",
        } | self._over_tls()

    def verifiers(self) -> tuple[str, ...]:
        """What the tool that formats the log's folder is told of each user: no password stands in its command line."""
        return tuple(part for user in sorted(self.passwords) for part in ("--add-scram", self._verifier(user)))

    def _over_tls(self) -> dict[str, str]:
        if self.tls is None:
            return {}
        return {
            f"{_TLS}.scram-sha-512.sasl.jaas.config": f"{_MODULE} required;",
            f"{_TLS}.ssl.keystore.type": "PEM",
            f"{_TLS}.ssl.keystore.location": str(self.tls.certificate),
        }

    def _verifier(self, user: str) -> str:
        salt = secrets.token_bytes(24)
        salted = hashlib.pbkdf2_hmac("sha512", self.passwords[user].encode(), salt, ITERATIONS)
        said = f'name={user},iterations={ITERATIONS},salt="{_text(salt)}",saltedpassword="{_text(salted)}"'
        return f"{MECHANISM}=[{said}]"


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
