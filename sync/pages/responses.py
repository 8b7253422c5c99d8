"""What every answer of the public pages carries."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

SECURITY: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
A_MINUTE: Final = "public, max-age=60"
FOR_GOOD: Final = "public, max-age=31536000, immutable"
NOT_KEPT: Final = "no-store"
_GZIP: Final = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")


def answer(
    request: Request,
    body: bytes,
    *,
    media_type: str = "text/html; charset=utf-8",
    status: int = 200,
    cache: str = A_MINUTE,
    headers: dict[str, str] | None = None,
) -> Response:
    """A small answer with its entity tag; 304 without a body when the browser has just that already."""
    there = {**SECURITY, "Cache-Control": cache, **(headers or {})}
    if status == 200:
        there["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        if is_known(request, there["ETag"]):
            return Response(status_code=304, headers=there)
    return Response(body, status, headers={**there, "Content-Type": media_type})


def takes_gzip(request: Request) -> bool:
    """Whether the browser takes what was packed beforehand (`Accept-Encoding`, RFC 9110 12.5.3)."""
    return bool(_GZIP.search(request.headers.get("accept-encoding", "")))


def redirect(address: str) -> Response:
    """Sends the browser on to another address of these pages, to be asked for by GET."""
    return Response(status_code=303, headers={**SECURITY, "Cache-Control": NOT_KEPT, "Location": address})


def is_known(request: Request, etag: str) -> bool:
    """Whether the browser says that it has the content with this tag (`If-None-Match`, RFC 9110 13.1.2)."""
    named = request.headers.get("if-none-match", "")
    tags = [tag.strip().removeprefix("W/") for tag in named.split(",")]
    return etag in tags or tags == ["*"]
