"""Owns a stand-in for HashiCorp Vault's transit engine: what our driver asks of it, answered as there."""

import base64
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TOKEN = "invented-token"  # noqa: S105
_PREFIX = "vault:v1:"


@dataclass
class TransitServer:
    """The engine: its keys by name, whether it is sealed, and what it was asked for."""

    url: str = ""
    keys: dict[str, AESGCM] = field(default_factory=dict)
    deletable: set[str] = field(default_factory=set)
    sealed: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append((request.method, request.path))
        if self.sealed:
            return _errors(503, "Vault is sealed")
        if request.headers.get("X-Vault-Token") != TOKEN:
            return _errors(403, "permission denied")
        verb, _, name = request.match_info["what"].partition("/")
        body = await request.json() if request.can_read_body else {}
        match request.method, verb:
            case "GET", "keys":
                return self._told(name)
            case "POST", "keys":
                return self._configured(name, body)
            case "DELETE", "keys":
                if name not in self.deletable:
                    return _errors(400, "deletion is not allowed for this key")
                del self.keys[name]
                return web.Response(status=204)
            case "POST", "encrypt":
                return self._encrypted(name, body)
            case "POST", "decrypt":
                return self._decrypted(name, body)
            case _:
                return _errors(404)

    def _told(self, name: str) -> web.Response:
        if name:
            return _data({"name": name}) if name in self.keys else _errors(404)
        return _data({"keys": sorted(self.keys)}) if self.keys else _errors(404)

    def _configured(self, name: str, body: dict[str, Any]) -> web.Response:
        name, _, config = name.partition("/")
        if config:
            if body.get("deletion_allowed"):
                self.deletable.add(name)
            return _data({"name": name})
        self.keys.setdefault(name, AESGCM(secrets.token_bytes(32)))
        return _data({"name": name})

    def _encrypted(self, name: str, body: dict[str, Any]) -> web.Response:
        if name not in self.keys:
            return _errors(400, "encryption key not found")
        nonce = secrets.token_bytes(12)
        text, context = (base64.b64decode(body[each]) for each in ("plaintext", "associated_data"))
        sealed = nonce + self.keys[name].encrypt(nonce, text, context)
        return _data({"ciphertext": _PREFIX + base64.b64encode(sealed).decode(), "key_version": 1})

    def _decrypted(self, name: str, body: dict[str, Any]) -> web.Response:
        if name not in self.keys:
            return _errors(400, "encryption key not found")
        try:
            assert body["ciphertext"].startswith(_PREFIX)
            sealed = base64.b64decode(body["ciphertext"].removeprefix(_PREFIX), validate=True)
            text = self.keys[name].decrypt(sealed[:12], sealed[12:], base64.b64decode(body["associated_data"]))
        except (AssertionError, ValueError, InvalidTag):
            return _errors(400, "cipher: message authentication failed")
        return _data({"plaintext": base64.b64encode(text).decode()})


def _data(data: dict[str, Any]) -> web.Response:
    return web.json_response({"request_id": "invented", "data": data})


def _errors(status: int, *errors: str) -> web.Response:
    return web.json_response({"errors": list(errors)}, status=status)


@asynccontextmanager
async def transit_server() -> AsyncIterator[TransitServer]:
    """The stand-in, on a port of this machine."""
    server = TransitServer()
    app = web.Application()
    app.router.add_route("*", "/v1/transit/{what:.*}", server.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = site.name if ":0" not in site.name else f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()
