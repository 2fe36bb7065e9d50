"""Owns how tests ask over plain HTTP: without the world's certificate authorities, whose reading takes 20 ms."""

import ssl
from typing import Final

PLAIN: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Of an `httpx` client in tests: every server here is on loopback and without a certificate."""
