import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from sync import packs
from sync.errors import RecordError

ID = "01890000-0000-7000-8000-0123456789ab"
VALUES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text() | st.lists(st.text(), max_size=3)


@given(st.lists(st.dictionaries(st.sampled_from(["title", "kind", "maker", "x"]), VALUES), min_size=1, max_size=5))
def test_what_goes_into_columns_comes_out_as_lines(records: list[dict[str, object]]) -> None:
    there = [{name: value for name, value in one.items() if value is not None} for one in records]
    whole = [{"id": ID, "r": number, **one} for number, one in enumerate(there)]
    piece = packs.Piece(format=packs.BASE_FORMAT, to=9, piece=0, pieces=1, tables=[packs.table_of("later", whole)])
    read = packs.read_piece(packs.write_piece(piece))
    lines = [msgspec.json.decode(line) for _raw, _revision, line in read.tables[0].lines()]
    assert lines == [{"c": "later", **one} for one in whole]


def test_a_delta_keeps_its_lines_as_they_were() -> None:
    line = b'{"c":"item","id":"' + ID.encode() + b'","r":3,"kind":"from the future","x":{"y":1}}'
    gone = b'{"c":"shop","id":"' + ID.encode() + b'","r":4,"gone":true}'
    read = list(packs.read_delta(packs.write_delta([line, gone])))
    assert [content for _header, content in read] == [line, gone]
    assert [header.gone for header, _content in read] == [False, True]


def test_a_pack_that_says_it_is_huge_is_not_unpacked() -> None:
    huge = zstandard.ZstdCompressor().compress(bytes(packs.MAX_UNPACKED_BYTES + 1))
    assert len(huge) < 100_000
    with pytest.raises(RecordError, match="unpacks to"):
        packs.unpack(huge)


@pytest.mark.parametrize("damage", ["cut", "added", "garbage", "empty", "two"])
def test_a_damaged_pack_is_refused(damage: str) -> None:
    good = packs.write_delta([b'{"c":"item","id":"' + ID.encode() + b'","r":3}'] * 50)
    bad = {"cut": good[:-3], "added": good + b"x", "garbage": b"hello", "empty": b"", "two": good + good}[damage]
    with pytest.raises(RecordError):
        packs.unpack(bad)


def test_a_base_of_a_later_format_is_named() -> None:
    piece = packs.Piece(format="touchpoint-base/9", to=1, piece=0, pieces=1, tables=[])
    with pytest.raises(RecordError, match="touchpoint-base/9"):
        packs.read_piece(packs.write_piece(piece))


def test_the_digest_knows_no_order_and_forgets_what_is_taken_out() -> None:
    one, other = packs.Digest(), packs.Digest()
    for record_id, revision in [(b"a" * 16, 1), (b"b" * 16, 2)]:
        one.add("item", record_id, revision)
    for record_id, revision in [(b"b" * 16, 2), (b"c" * 16, 7), (b"a" * 16, 1)]:
        other.add("item", record_id, revision)
    assert one.hex() != other.hex()
    other.remove("item", b"c" * 16, 7)
    assert (one.hex(), one.count) == (other.hex(), other.count)
