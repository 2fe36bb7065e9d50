"""Owns a TCP relay between a client and PostgreSQL that can reset every connection, as a server that dies does."""

import contextlib
import socket
import struct
import threading
from typing import Self

from psycopg.conninfo import conninfo_to_dict, make_conninfo

_RESET = struct.pack("ii", 1, 0)  # linger, for no time: what closes then sends a reset
_LAST_WORDS = b"N" + struct.pack("!i", 16) + b"SINFO\0Mbye\0\0"  # a notice, as PostgreSQL's protocol has it


class Between:
    """Passes bytes on in both directions; the block's end closes it."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._to = ("127.0.0.1", 0)
        self._open: list[tuple[socket.socket, socket.socket]] = []

    def dsn(self, dsn: str) -> str:
        """The same database through here."""
        self._to = ("127.0.0.1", int(str(conninfo_to_dict(dsn)["port"])))
        return make_conninfo(dsn, port=self._listening.getsockname()[1])

    def reset(self) -> None:
        """Every client's connection ends with a reset, behind some words that it has not read yet."""
        for client, server in self._open:
            with contextlib.suppress(OSError):  # one of the two may have ended it already
                client.sendall(_LAST_WORDS)
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                client.shutdown(socket.SHUT_RD)  # who is reading from it lets go
                server.shutdown(socket.SHUT_RDWR)
            client.close()
            server.close()
        self._open.clear()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(self._to)
                self._open.append((client, server))
                for source, sink in ((client, server), (server, client)):
                    threading.Thread(target=_pass_on, args=(source, sink), daemon=True).start()

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.reset()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
