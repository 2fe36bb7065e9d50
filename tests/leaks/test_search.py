"""The search itself: it finds every detail in every disguise in every channel, and nothing where nothing is."""

import base64
import gzip
import hashlib
import json
import random
import uuid
from datetime import date

import pytest

from tests.leaks.canary import FIELD_OF, Canary, canary, dates, phones
from tests.leaks.disguises import ANY_CASE, EXACT, soundex
from tests.leaks.search import AT_ONCE, GRAM, Item, Leak, Search

MARA = canary("mara", 1)
NORA = canary("nora", 2)
DISGUISES = EXACT | ANY_CASE
CHANNELS = ("kafka", "table", "log", "span", "metric", "error", "url", "page")


@pytest.fixture(scope="module")
def search() -> Search:
    return Search([MARA, NORA])


def test_there_are_enough_disguises() -> None:
    assert len(DISGUISES) >= 12


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_detail_in_every_disguise_is_found_in_every_channel(search: Search, channel: str) -> None:
    for fact, texts in MARA.facts.items():
        for disguise, forms in DISGUISES.items():
            for text in texts:
                form = max(forms(text), key=len, default=b"")
                if not form:
                    continue  # a number has no sound
                planted = Item(channel, "here", b'{"x":"..' + form + b'"}')
                found = search.in_([Item(channel, "there", b"{}"), planted])
                assert {(leak.canary, leak.fact, leak.where) for leak in found} >= {("mara", fact, "here")}, (
                    fact,
                    disguise,
                )


@pytest.mark.parametrize("before", [AT_ONCE - 8, AT_ONCE - GRAM, AT_ONCE - 1, AT_ONCE, 2 * AT_ONCE - 3])
def test_a_detail_is_found_wherever_it_stands_in_something_long(search: Search, before: int) -> None:
    for after in (b"", b"." * AT_ONCE):
        found = search.in_([Item("log", "here", b"." * before + MARA.name.encode() + after)])
        assert {(leak.canary, leak.where) for leak in found} == {("mara", "here")}


def test_nothing_is_found_where_nothing_is(search: Search) -> None:
    chance = random.Random(7)
    noise = b" ".join(
        [
            chance.randbytes(200_000),
            chance.randbytes(100_000).hex().encode(),
            base64.b64encode(chance.randbytes(100_000)),
            " ".join(str(uuid.UUID(int=chance.getrandbits(128))) for _ in range(3_000)).encode(),
            json.dumps([{"at": f"2026-11-{n % 28 + 1:02}T09:{n % 60:02}:00Z", "n": n} for n in range(3_000)]).encode(),
        ]
    )
    assert search.in_([Item("table", "noise", noise)]) == []


@pytest.mark.parametrize("offset", range(6))
def test_base64_is_found_at_every_place_in_what_was_encoded(search: Search, offset: int) -> None:
    text = b"x" * offset + MARA.name.encode() + b"tail"
    for encoded in (base64.b64encode(text), base64.urlsafe_b64encode(text)):
        assert {leak.fact for leak in search.in_([Item("log", "here", encoded)])} >= {"given name", "family name"}


def test_any_mixture_of_case_and_any_common_digest_is_found(search: Search) -> None:
    mixed = "".join(letter.upper() if n % 2 else letter for n, letter in enumerate(MARA.name))
    family = MARA.facts["family name"][0]
    for planted in (
        mixed.encode(),
        hashlib.md5(family.lower().encode()).hexdigest().encode(),  # noqa: S324
        hashlib.sha1(MARA.name.upper().encode()).digest(),  # noqa: S324
        hashlib.sha256(MARA.facts["phone"][4].encode()).hexdigest().upper().encode(),
        base64.b64encode(hashlib.sha256(MARA.identity["birth_date"].encode()).digest()),
    ):
        assert search.in_([Item("log", "here", b"x" + planted + b"x")]), planted


@pytest.mark.parametrize(
    ("word", "sound"),
    [("Robert", "R163"), ("Rupert", "R163"), ("Ashcraft", "A261"), ("Tymczak", "T522"), ("Pfister", "P236"),
     ("Honeyman", "H555"), ("Lee", "L000"), ("Testaña", "T235"), ("測試", "")],
)  # fmt: skip
def test_how_a_word_sounds(word: str, sound: str) -> None:
    assert soundex(word) == sound


def test_what_may_be_shown_is_no_leak_and_nothing_else_is_let_through(search: Search) -> None:
    page = f"{MARA.name} {MARA.facts['phone'][0]} {NORA.name}".encode()
    shows = {"mara": frozenset({"name"})}
    found = search.in_([Item("page", "here", page, shows)])
    assert {(leak.canary, leak.fact) for leak in found} >= {("mara", "phone"), ("nora", "family name")}
    assert not {leak for leak in found if leak.canary == "mara" and FIELD_OF[leak.fact] == "name"}
    everything = frozenset(FIELD_OF.values())
    assert search.in_([Item("page", "here", page, {"mara": everything, "nora": everything})]) == []


def test_a_leak_says_where_and_not_what() -> None:
    item = Item("log", "referrals.log", MARA.name.encode())
    told = repr(item) + "".join(repr(leak) for leak in Search([MARA]).in_([item]))
    assert MARA.facts["family name"][0] not in told
    assert "referrals.log" in told


def test_a_short_number_is_found_alone_and_not_within_a_longer_one(search: Search) -> None:
    number = MARA.identity["birth_date"].replace("-", "").encode()
    for around, leaks in ((b'"%b"', True), (b"%b", True), (b"x%by", True), (b"17%b", False), (b"%b042", False)):
        assert bool(search.in_([Item("span", "here", around % number)])) is leaks, around
    phone = MARA.facts["phone"][5].encode()
    assert search.in_([Item("span", "here", b"17%b04" % phone[1:])])


def test_dates_and_phones_are_known_in_their_common_forms() -> None:
    day = dates(date(1943, 10, 23))
    assert len(set(day)) >= 8
    assert {"1943-10-23", "10/23/1943", "19431023", "23 de octubre de 1943", "October 23, 1943"} <= set(day)
    assert {"(559) 555-7391", "559-555-7391", "+15595557391", "559.555.7391"} <= set(phones("7391"))


def test_canaries_share_no_detail() -> None:
    def texts(one: Canary) -> set[str]:
        return {text for forms in one.facts.values() for text in forms}

    assert not texts(MARA) & texts(NORA)
    assert canary("mara", 1) == MARA


def test_what_is_out_of_reach_is_known() -> None:
    """Compressed or encrypted text is not found: no channel of ours may be either (the capture unpacks Kafka's)."""
    assert Search([MARA]).in_([Item("log", "here", gzip.compress(MARA.name.encode()))]) == []
    assert Leak("log", "mara", "x", "y", "here") < Leak("page", "mara", "x", "y", "here")
