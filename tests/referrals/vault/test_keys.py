import os
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.vault.keys import (
    KeyedHash,
    KeyProblem,
    RootKey,
    ensure_root_key,
    hkdf,
    joined,
    read_key,
    root_key,
    write_key,
)

VECTORS = Path(__file__).parents[4] / "shared" / "data" / "crypto-vectors"
needs_vectors = pytest.mark.skipif(
    not VECTORS.is_dir(), reason="no ../shared/data/crypto-vectors beside the repository"
)
PARTS = st.lists(st.binary(max_size=6), max_size=5)


def vectors(file: str, first: str) -> list[dict[str, str]]:
    """The blocks of `Name = value` lines; each begins with the line named `first`."""
    blocks: list[dict[str, str]] = []
    for name, value in re.findall(r"^(\w+)[ \t]*=[ \t]*(.*)$", (VECTORS / file).read_text(), flags=re.MULTILINE):
        if name == first:
            blocks.append({})
        blocks[-1][name] = value
    return blocks


@needs_vectors
def test_keyed_hash_is_hmac_of_rfc_4231() -> None:
    cases = vectors("rfc-4231-sha256.txt", "Len")
    assert len(cases) == 6
    for case in cases:
        assert KeyedHash(bytes.fromhex(case["Key"])).of(bytes.fromhex(case["Msg"])).hex() == case["MD"]


@needs_vectors
def test_hkdf_is_that_of_rfc_5869() -> None:
    cases = vectors("rfc-5869-HKDF-SHA256.txt", "COUNT")
    assert len(cases) == 3
    for case in cases:
        salt = bytes.fromhex(case["salt"]) or None
        made = hkdf(bytes.fromhex(case["IKM"]), bytes.fromhex(case["info"]), salt=salt, length=int(case["L"]))
        assert made.hex() == case["OKM"]


@needs_vectors
def test_vectors_would_notice_another_hash() -> None:
    case = vectors("rfc-4231-sha256.txt", "Len")[0]
    assert KeyedHash(bytes.fromhex(case["Key"])).of(bytes.fromhex(case["Msg"]) + b"\0").hex() != case["MD"]


@given(PARTS, PARTS)
def test_no_two_lists_of_parts_read_the_same(one: list[bytes], other: list[bytes]) -> None:
    assert (joined(*one) == joined(*other)) == (one == other)


def test_each_purpose_has_a_key_of_its_own() -> None:
    root = RootKey(bytes(32))
    purposes = [
        ("log", "a", "1"),
        ("log", "a", "2"),
        ("log", "b", "1"),
        ("loga", "1"),
        ("pairwise", "a", "client", "1"),
    ]
    assert len({root.derive(*purpose) for purpose in purposes}) == len(purposes)
    assert root.derive("log", "a", "1") != RootKey(b"\1" + bytes(31)).derive("log", "a", "1")
    assert root.derive("log", "a", "1").hex() == "33ecfb8350abd1729e555da9081d4e2f9dbedd32c9ba4bc94b82b84c0166cbd3"


def test_root_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    first = ensure_root_key(folder)
    assert ensure_root_key(folder).derive("x") == first.derive("x") == root_key(folder).derive("x")
    assert stat.S_IMODE((folder / "root.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == ["root.key"]


def test_two_makers_agree_on_one_root_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as makers:
        keys = list(makers.map(ensure_root_key, [tmp_path / "keys"] * 8))
    assert len({key.derive("x") for key in keys}) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o606, 0o601, 0o610])
def test_a_key_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "root.key"
    write_key(path, bytes(32))
    assert read_key(path, 32) == bytes(32)
    path.chmod(mode)
    with pytest.raises(KeyProblem, match="0600"):
        read_key(path, 32)


@pytest.mark.parametrize("content", [b"", b"ab" * 31, b"ab" * 33, b"zz" * 32, b"\xff" * 64, b"ab" * 4000])
def test_a_malformed_key_is_refused_and_not_repeated(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "root.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyProblem, match=r"root\.key does not hold 32 bytes") as caught:
        read_key(path, 32)
    assert caught.value.__cause__ is None
    assert content == b"" or content.decode("latin1") not in str(caught.value)


def test_a_missing_key_and_a_link_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyProblem, match="cannot be read"):
        root_key(tmp_path)
    write_key(tmp_path / "real", bytes(32))
    os.symlink(tmp_path / "real", tmp_path / "root.key")
    with pytest.raises(KeyProblem, match="cannot be read"):
        root_key(tmp_path)


def test_writing_a_key_never_replaces_one(tmp_path: Path) -> None:
    assert write_key(tmp_path / "a.key", b"\1" * 32)
    assert not write_key(tmp_path / "a.key", b"\2" * 32)
    assert read_key(tmp_path / "a.key", 32) == b"\1" * 32
    assert [path.name for path in tmp_path.iterdir()] == ["a.key"]


def test_a_root_key_is_not_printed() -> None:
    root = RootKey(bytes(range(32)))
    assert bytes(range(32)).hex() not in f"{root!r} {root} {root.__dict__ if hasattr(root, '__dict__') else ''}"
    with pytest.raises(TypeError):
        root.__reduce__()
    with pytest.raises(KeyProblem):
        RootKey(bytes(31))
