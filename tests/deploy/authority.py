"""Owns a certificate authority of a test's own, and the certificates of servers that it signs."""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_FAR = timedelta(days=1)


class Authority:
    """Its certificate is in `ca`, PEM; whatever it signs is good for a day."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._key, self._name = folder, ec.generate_private_key(ec.SECP256R1()), _named(name)
        signed = _certificate(self._name, self._key.public_key(), self._name)
        basic = x509.BasicConstraints(ca=True, path_length=0)
        self.ca = folder / f"{name}.pem"
        self.ca.write_bytes(_pem(signed.add_extension(basic, critical=True).sign(self._key, hashes.SHA256())))

    def server(self, address: str) -> Path:
        """The file with key and certificate of a server at this address."""
        key = ec.generate_private_key(ec.SECP256R1())
        signed = _certificate(_named(address), key.public_key(), self._name)
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        own = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file = self._folder / f"{address}.pem"
        file.touch(mode=0o600)
        file.write_bytes(own + _pem(signed.add_extension(names, critical=False).sign(self._key, hashes.SHA256())))
        return file


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def _certificate(subject: x509.Name, key: ec.EllipticCurvePublicKey, issuer: x509.Name) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    made = made.serial_number(x509.random_serial_number())
    return made.not_valid_before(now - _FAR).not_valid_after(now + _FAR)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
