"""Clients that keep to no protocol: bytes in, bytes out."""

from __future__ import annotations

import socket
from collections.abc import Generator
from contextlib import contextmanager

from sealane.node.abci.codec import decode_response
from sealane.node.abci.endpoint import parse_endpoint
from sealane.node.abci.messages import Response

from .nodes import DEADLINE_S


@contextmanager
def connected(address: str) -> Generator[socket.socket]:
    with parse_endpoint(address).connect(DEADLINE_S) as client:
        yield client


def rest_of(client: socket.socket) -> bytes:
    """All that comes until the node closes the connection."""
    received = bytearray()
    try:
        while chunk := client.recv(65_536):
            received += chunk
    except ConnectionError:
        pass
    return bytes(received)


def exchange(address: str, raw: bytes) -> list[Response]:
    """Send these bytes and nothing more; the answers."""
    with connected(address) as client:
        try:
            client.sendall(raw)
            client.shutdown(socket.SHUT_WR)
        except (ConnectionError, OSError):
            pass  # closed for what was sent so far
        return answers_in(rest_of(client))


def answers_in(raw: bytes) -> list[Response]:
    frames, rest = split(raw)
    assert rest == b"", "an answer was cut"
    return [decode_response(each) for each in frames]


def split(raw: bytes) -> tuple[list[bytes], bytes]:
    """Messages after their lengths, read byte by byte as the protocol's page says, and what is
    left over: nothing, the beginning of a message, or what cannot be one."""
    frames: list[bytes] = []
    while raw:
        length = shift = place = 0
        while place < len(raw) and raw[place] > 127:
            length |= (raw[place] & 127) << shift
            shift, place = shift + 7, place + 1
        if place == len(raw) or (place and raw[place] == 0):
            return frames, raw
        length |= raw[place] << shift
        if len(raw) < place + 1 + length:
            return frames, raw
        frames.append(raw[place + 1 : place + 1 + length])
        raw = raw[place + 1 + length :]
    return frames, b""
