"""The API's description, made of the very endpoints that are served. Source: OpenAPI 3.1.0."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from sync.hub.api.endpoints import JSON, Endpoint, Problem
from sync.records import PROTOCOL

PATH: Final = "/v1/openapi.json"
_PARAMETER: Final = re.compile(r"\{(\w+)\}")
_REF: Final = "#/components/schemas/{name}"


def operation_of(others: Sequence[Endpoint]) -> Endpoint:
    """The endpoint that hands the description out, itself included."""

    async def answer(_request: Request) -> Response:
        return Response(content, media_type=JSON, headers={"Cache-Control": "no-cache"})

    mine = Endpoint("GET", PATH, answer, "This description")
    content = msgspec.json.encode(document([*others, mine]))
    return mine


def document(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """The description of these endpoints."""
    bodies = {kind for one in endpoints for kind in (one.asks, one.gives) if kind} | {Problem}
    ordered = sorted(bodies, key=lambda kind: kind.__name__)
    schemas, components = msgspec.json.schema_components(ordered, ref_template=_REF)
    named = dict(zip(ordered, schemas, strict=True))
    paths: dict[str, Any] = {}
    for one in endpoints:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, named)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Touchpoint hub", "version": str(PROTOCOL), "description": __doc__},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(one: Endpoint, named: dict[type[msgspec.Struct], Any]) -> dict[str, Any]:
    answers: dict[str, Any] = {"200": {"description": "Yes.", "content": _content(one.media_type, named, one.gives)}}
    if one.conditional:
        answers["304"] = {"description": "It is still what If-None-Match names."}
    if one.conditional and one.media_type != JSON:
        answers["206"] = {"description": "Part of it, as Range asked.", "content": _content(one.media_type, named)}
    for status, why in sorted(one.refusals.items()):
        answers[str(status)] = {"description": why, "content": _content(JSON, named, Problem)}
    said: dict[str, Any] = {
        "operationId": f"{one.method.lower()}_{getattr(one.answer, '__name__', 'answer')}",
        "summary": one.summary,
        "responses": answers,
    }
    if parameters := [_parameter(name, "path") for name in _PARAMETER.findall(one.path)] + [
        _parameter(name, "query") for name in one.query
    ]:
        said["parameters"] = parameters
    if one.asks:
        said["requestBody"] = {"required": True, "content": _content(JSON, named, one.asks)}
    if one.takes:
        said["requestBody"] = {"required": True, "content": _content(one.takes, named)}
    if one.token:
        said["security"] = [{"token": []}]
    return said


def _content(
    media_type: str, named: dict[type[msgspec.Struct], Any], kind: type[msgspec.Struct] | None = None
) -> dict[str, Any]:
    return {media_type: {"schema": named[kind]} if kind else {}}


def _parameter(name: str, where: str) -> dict[str, Any]:
    return {"name": name, "in": where, "required": True, "schema": {"type": "string"}}
