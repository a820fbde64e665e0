"""No test leaves this machine."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from tests.conftest import Outside

ADDRESS = "192.0.2.1"


def _connect() -> None:
    with socket.socket() as opened:
        opened.connect((ADDRESS, 9))


def _send() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as opened:
        opened.sendto(b"", (ADDRESS, 9))


def _ask_by_name() -> None:
    socket.getaddrinfo("api.telegram.org", 443)


@pytest.mark.parametrize("leave", [_connect, _send, _ask_by_name])
def test_nothing_leaves_this_machine(leave: Callable[[], None]) -> None:
    """A connection, a datagram and a question for a name are all refused before they are made."""
    with pytest.raises(Outside):
        leave()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_can_be_reached(host: str) -> None:
    """A server on the loopback answers."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as opened:
        assert opened.getpeername() == server.getsockname()
    assert socket.getaddrinfo(host, 80)
