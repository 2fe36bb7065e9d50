"""Owns the connections to the services behind: one keep-alive pool each, over a Unix socket where there is one."""

from collections.abc import Mapping
from pathlib import Path

import aiohttp
from yarl import URL

# Shorter than the 75 s after which a service closes an idle connection, so that we never post into a closing one.
IDLE_SECONDS = 30.0
CONNECT_SECONDS = 2.0
# Longer than the 30 s that a command may live, so that the service and not the gateway says how it ended.
ANSWER_SECONDS = 35.0


class Upstreams:
    """A client for each service by name. Opened when the gateway starts, closed when it stops."""

    def __init__(self, addresses: Mapping[str, tuple[Path | None, str]]) -> None:
        self._addresses = addresses
        self._clients: dict[str, tuple[aiohttp.ClientSession, URL]] = {}

    def open(self) -> None:
        """Needs a running event loop."""
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS, connect=CONNECT_SECONDS)
        for name, (socket, address) in self._addresses.items():
            connector: aiohttp.BaseConnector = (
                aiohttp.UnixConnector(str(socket), limit=0, keepalive_timeout=IDLE_SECONDS)
                if socket is not None
                else aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS)
            )
            client = aiohttp.ClientSession(
                connector=connector,
                timeout=timeout,
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
                trust_env=False,
            )
            self._clients[name] = (client, URL(address))

    def of(self, service: str) -> tuple[aiohttp.ClientSession, URL]:
        """Client and base address of a service."""
        return self._clients[service]

    async def close(self) -> None:
        for client, _ in self._clients.values():
            await client.close()
        self._clients.clear()
