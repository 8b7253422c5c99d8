"""What kiosks ask of the hub over HTTP, by what it is about: the catalogue, enrolment, devices, records, sticks.

The catalogue is public and static; any web server may serve the same files. The token is asked for only where a device
speaks for itself.
"""

from __future__ import annotations

from starlette.routing import Route

from sync.hub.api.bundles import BundlesApi
from sync.hub.api.catalogue import CatalogueApi
from sync.hub.api.devices import DevicesApi
from sync.hub.api.endpoints import Desk, Endpoint
from sync.hub.api.enrolment import EnrolmentApi
from sync.hub.api.openapi import document, operation_of
from sync.hub.api.records import RecordsApi
from sync.hub.hub import Hub

__all__ = ["Api"]


class Api:
    """The routes under `/v1`; `processes` serve beside each other, this one included."""

    def __init__(self, hub: Hub, processes: int = 1) -> None:
        self._desk = Desk(hub, processes)
        parts = (CatalogueApi, EnrolmentApi, DevicesApi, RecordsApi, BundlesApi)
        self.endpoints: list[Endpoint] = [one for part in parts for one in part(self._desk).endpoints()]
        self.endpoints.append(operation_of(self.endpoints))

    def routes(self) -> list[Route]:
        """All routes, for the hub's application."""
        return [Route(one.path, self._desk.door(one), methods=[one.method]) for one in self.endpoints]

    def look(self) -> None:
        """Look what has been set since, by whomever, that answers tell kiosks."""
        self._desk.look()

    def openapi(self) -> dict[str, object]:
        """The description of all of them, OpenAPI 3.1."""
        return document(self.endpoints)
