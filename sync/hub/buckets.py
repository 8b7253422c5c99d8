"""S3 buckets, and what speaks like one; credentials and endpoint come from the usual AWS_... environment."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sync.hub.errors import HubError

if TYPE_CHECKING:
    from obstore.store import S3Store


def opened(where: str) -> S3Store:
    """The bucket at s3://BUCKET/PREFIX, to be kept, so that its connections serve again; nothing is asked of it yet.

    Raises:
        HubError: the address names no bucket.
    """
    from obstore.store import S3Store

    parts = urlsplit(where)
    if not parts.netloc:
        raise HubError(f"{where!r} names no bucket; it should look like s3://BUCKET/PREFIX")
    plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        client_options={"allow_http": plain, "connect_timeout": "10s", "timeout": "10min"},
        retry_config={"max_retries": 2},
    )


@contextlib.contextmanager
def told_as(trouble: Callable[[str], Exception]) -> Iterator[None]:
    """A bucket's trouble in one line, as the library's own goes on for pages; that something is not there stays so.

    Raises:
        FileNotFoundError: what was asked for is not there. Else what `trouble` makes of that line.
    """
    from obstore.exceptions import BaseError, NotFoundError

    try:
        yield
    except NotFoundError as error:
        raise FileNotFoundError(str(error).partition("\n")[0]) from error
    except BaseError as error:
        raise trouble(str(error).partition("\n")[0]) from error
