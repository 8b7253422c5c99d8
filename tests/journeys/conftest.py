"""What several journeys begin with."""

from __future__ import annotations

import pytest

from tests.conftest import TestHub


@pytest.fixture
def served(hub: TestHub) -> TestHub:
    """A hub with one thing on its shelves, published and reachable."""
    hub.take({"key": "pot", "title": "Soup"})
    hub.publish()
    hub.serve()
    return hub
