"""Key rotation: every role, with kiosks that are near and kiosks that were away for all of it."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from tuf.api.metadata import Metadata, Root, Timestamp

from sync.hub import keys
from sync.hub.cli import main
from sync.hub.errors import UnknownError
from sync.hub.publishing import roots
from tests.conftest import TestHub, TestKiosk


def rotate(hub: TestHub, role: str, *words: str) -> str:
    done = CliRunner().invoke(main, ["rotate", role, "--data", str(hub.folder), *words])
    assert done.exit_code == 0, done.output
    return done.output


def private_keys(hub: TestHub) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (hub.folder / "keys").glob("*.pem")}


@pytest.mark.parametrize("role", [*roots.ROLES, "all"])
def test_a_kiosk_follows_the_change_of_a_key_at_its_next_poll(hub: TestHub, shop: TestKiosk, role: str) -> None:
    before = private_keys(hub)
    rotate(hub, role)
    changed = {name for name, content in private_keys(hub).items() if before[name] != content}
    assert changed == {f"{one}.pem" for one in (keys.ONLINE if role == "all" else (role,)) if one != "root"}
    assert len(list((hub.folder / "keys").glob("*.pem"))) == len(before), "the old key is gone"
    assert shop.sync().outcome == "current"
    hub.take({"key": "after", "title": "After the change"})
    hub.publish()
    assert shop.sync().outcome == "updated" and "After the change" in shop.titles()


def test_a_kiosk_that_was_away_for_every_rotation_follows(hub: TestHub, shop: TestKiosk) -> None:
    for role in ("timestamp", "snapshot", "root", "targets", "root", "timestamp", "all"):
        rotate(hub, role)
        hub.take({"key": "bike", "title": f"Mend a bike after {role}"})
        hub.publish()
    shop.restart()
    assert shop.sync().outcome == "updated"
    assert "Mend a bike after all" in shop.titles()
    fresh = TestKiosk(shop.folder.parent / "fresh")
    fresh.enrol(hub)
    assert fresh.sync().outcome == "updated" and fresh.titles() == shop.titles()
    fresh.services.close()
    assert [path.name for path in sorted((hub.folder / "catalogue" / "metadata").glob("*.root.json"))] == [
        f"{number}.root.json" for number in range(1, 9)
    ]


def test_what_an_old_key_signs_is_believed_no_more(hub: TestHub, shop: TestKiosk, tmp_path: Path) -> None:
    shutil.copytree(hub.folder / "keys", tmp_path / "stolen")
    rotate(hub, "all")
    assert shop.sync().outcome == "current"
    path = hub.folder / "catalogue" / "metadata" / "timestamp.json"
    forged = Metadata[Timestamp].from_file(str(path))
    forged.signed.version += 1
    forged.sign(keys.load(tmp_path / "stolen" / "timestamp.pem"))
    forged.to_file(str(path))
    assert shop.sync().outcome == "refused"


def test_a_root_key_is_brought_from_elsewhere(hub: TestHub, shop: TestKiosk, tmp_path: Path) -> None:
    safe = tmp_path / "safe"
    shutil.move(hub.folder / "offline", safe)
    (hub.folder / "offline").mkdir(mode=0o700)
    with pytest.raises(UnknownError, match="--root-key"):
        roots.rotate(hub.hub.publisher, ["timestamp"])
    with pytest.raises(UnknownError, match="not one of this hub's root keys"):
        roots.rotate(hub.hub.publisher, ["timestamp"], hub.folder / "keys" / "timestamp.pem")
    said = rotate(hub, "timestamp", "--root-key", str(safe / "root-spare.pem"))
    assert "Warning" not in said
    said = rotate(hub, "root", "--root-key", str(safe / "root.pem"))
    assert "Warning: root keys lie in" in said
    with pytest.raises(UnknownError, match="not one of this hub's root keys"):
        roots.rotate(hub.hub.publisher, ["root"], safe / "root.pem")
    assert shop.sync().outcome == "current"


@pytest.mark.parametrize("cut", ["before the root", "before the keys", "before the last signing"])
def test_a_rotation_that_was_cut_short_harms_no_kiosk_and_is_gone_on_with(
    hub: TestHub, shop: TestKiosk, monkeypatch: pytest.MonkeyPatch, cut: str
) -> None:
    class CutError(Exception):
        pass

    where = {"before the root": (roots, "_write"), "before the keys": (keys, "succeed")}
    times = iter(range(9))

    def stop(*arguments: object) -> None:
        if cut != "before the last signing" or next(times) == 1:
            raise CutError
        signs_again(*arguments)  # type: ignore[arg-type]

    signs_again = roots._sign_again
    monkeypatch.setattr(*where.get(cut, (roots, "_sign_again")), stop)
    with pytest.raises(CutError):
        roots.rotate(hub.hub.publisher, ["timestamp", "targets"])
    monkeypatch.undo()
    assert shop.sync().outcome == "current"
    hub.take({"key": "new", "title": "Meanwhile"})
    hub.publish()
    assert shop.sync().outcome == "updated"
    rotate(hub, "timestamp")
    rotate(hub, "targets")
    assert shop.sync().outcome == "current"
    assert not list((hub.folder / "keys").glob("*.next.pem"))


def test_every_root_is_signed_by_the_keys_of_the_one_before(hub: TestHub) -> None:
    for _ in range(3):
        rotate(hub, "root")
    metadata = hub.folder / "catalogue" / "metadata"
    chain = [Metadata[Root].from_file(str(metadata / f"{number}.root.json")) for number in range(1, 5)]
    for old, new in itertools.pairwise(chain):
        old.signed.verify_delegate("root", new.signed_bytes, new.signatures)
        new.signed.verify_delegate("root", new.signed_bytes, new.signatures)
        assert not set(old.signed.roles["root"].keyids) & set(new.signed.roles["root"].keyids)
