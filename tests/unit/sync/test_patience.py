"""Answers that drip: each byte comes in time, and the whole never would."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from sync.client import carriers, patience
from sync.client.carriers import HttpCarrier
from sync.client.http import HubClient
from sync.errors import HubAnsweredRubbishError, HubUnreachableError
from sync.messages import Challenge

BYTES = 60


@contextlib.contextmanager
def dripping(begins: bytes) -> Iterator[tuple[str, threading.Event]]:
    """A server that says how it begins and then drips; the event tells that somebody heard all of it."""
    gone, heard = threading.Event(), threading.Event()

    def drip(line: socket.socket) -> None:
        with line, contextlib.suppress(OSError):
            line.recv(1 << 16)
            line.sendall(begins)
            for _ in range(BYTES):
                if gone.wait(0.05):
                    return
                line.sendall(b" ")
            heard.set()

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                drip(listening.accept()[0])

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", heard
        gone.set()
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(10)


BODY = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % BYTES
CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n" % BYTES
HEAD = b"HTTP/1.1 200 OK\r\nX-Long:"


@pytest.mark.parametrize("begins", [BODY, CHUNKS, HEAD, b""])
def test_a_line_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch, begins: bytes) -> None:
    monkeypatch.setattr(carriers, "SMALL_S", 0.4)
    monkeypatch.setattr(patience, "HEAD_S", 0.4)
    with dripping(begins) as (url, heard):
        with pytest.raises(HubUnreachableError):
            HttpCarrier(url).read_if_changed("metadata/timestamp.json", "")
        with pytest.raises(HubUnreachableError):
            HubClient(url).get("/v1/token", Challenge)
        assert not heard.is_set()


@pytest.mark.parametrize("to", [b"http://127.0.0.1:9/login", b"http://["])
def test_what_comes_with_a_redirect_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, to: bytes) -> None:
    monkeypatch.setattr(carriers, "SMALL_S", 0.4)
    with dripping(BODY.replace(b"200 OK\r\n", b"302 Found\r\nLocation: %s\r\n" % to)) as (url, heard):
        with pytest.raises(HubAnsweredRubbishError, match="sends us elsewhere"):
            HttpCarrier(url).read_if_changed("metadata/timestamp.json", "")
        with pytest.raises(HubUnreachableError):
            HubClient(url).get("/v1/token", Challenge)
        assert not heard.is_set()


def test_a_pack_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carriers, "SMALL_S", 0.4)
    monkeypatch.setattr(patience, "HEAD_S", 0.4)
    with dripping(BODY) as (url, heard):
        with pytest.raises(HubUnreachableError, match="too slow"):
            list(HttpCarrier(url).read("packs/a.pack"))
        assert not heard.is_set()
