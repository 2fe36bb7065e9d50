"""Owns the choice of TCP ports on the loopback address."""

import contextlib
import socket
from collections.abc import Collection

LOOPBACK = "127.0.0.1"
HIGHEST_PORT = 65535


def is_free(port: int) -> bool:
    """Say whether a server could listen on this loopback port now."""
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return not accepts(port)


def next_free(wanted: int, taken: Collection[int] = ()) -> int:
    """Return `wanted`, or the first free port above it that is not in `taken`; OSError when none is left."""
    for port in range(wanted, HIGHEST_PORT + 1):
        if port not in taken and is_free(port):
            return port
    raise OSError(f"no free port from {wanted} on")


def any_free() -> int:
    """Return a port that the system calls free at this moment."""
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def accepts(port: int) -> bool:
    """Say whether something accepts connections on this loopback port."""
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((LOOPBACK, port)) == 0


def reserve(port: int) -> socket.socket | None:
    """Tell every other supervisor of this machine that this port is ours while the returned socket is open.

    None when another one has it. The kernel forgets the reservation with the process, however that ends.
    """
    mark = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        mark.bind(f"\0closeknit-port-{port}")
    except OSError:
        mark.close()
        return None
    return mark
