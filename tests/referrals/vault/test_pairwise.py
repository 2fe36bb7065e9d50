import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.vault.keys import RootKey
from services.referrals.vault.pairwise import AHEAD, FIRST_YEAR, YEARS_UNDERSTOOD, LogPseudonyms, PairwiseIds, base32
from tests.fix_vault import SetClock

ROOT = RootKey(bytes(range(32)))
CLIENT = UUID("0f0e0d0c-0b0a-4908-8706-050403020100")
IDS_OF_BITS = "abcdefghijklmnopqrstuvwxyz234567"
IDS = PairwiseIds(ROOT, SetClock())
YEARS = st.integers(FIRST_YEAR, FIRST_YEAR + 40)
SLUGS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=30)

# Computed apart from this code: HKDF and HMAC by hand over hashlib, AES by its library, base32 by the standard one.
# What an agency was once told has to stay true: a change here breaks every reference that it keeps.
GOLDEN_IDS = [
    ("example-clinic-north", "client", "xk6qhe2mk7bjx5ntspzjoflqbu"),
    ("example-clinic-north", "episode", "xtwj43eutzhkfl42ilpult6s3i"),
    ("sample-county-chw-hub", "client", "l6ac23jqoa73w744stmie4nc2i"),
]
GOLDEN_PSEUDONYMS = [
    ("fresno-ptbi", "nfv2ca4yej6xktkgyzxpialqpi"),
    ("expecting-justice-sf", "3yu4glptxmigndq27ulr7igsma"),
]


@pytest.mark.parametrize(("agency", "kind", "text"), GOLDEN_IDS)
def test_ids_that_agencies_keep_stay_as_they_are(agency: str, kind: str, text: str) -> None:
    assert IDS.out(agency, kind, CLIENT) == text
    assert IDS.back(agency, kind, text) == CLIENT


@pytest.mark.parametrize(("initiative", "text"), GOLDEN_PSEUDONYMS)
def test_pseudonyms_on_the_log_stay_as_they_are(initiative: str, text: str) -> None:
    assert LogPseudonyms(ROOT).of(initiative, CLIENT) == text


@given(st.binary(min_size=16, max_size=16))
def test_base32_is_that_of_the_standard_library(block: bytes) -> None:
    assert base32(block) == base64.b32encode(block).decode().rstrip("=").lower()


@given(SLUGS, SLUGS, st.uuids())
def test_what_goes_out_comes_back_to_its_agency_and_kind_alone(agency: str, kind: str, id: UUID) -> None:
    text = IDS.out(agency, kind, id)
    assert len(text) == 26
    assert PairwiseIds(ROOT, SetClock()).back(agency, kind, text) == id
    assert IDS.back(agency + "x", kind, text) != id
    assert IDS.back(agency, kind + "x", text) != id
    assert PairwiseIds(RootKey(bytes(32)), SetClock()).back(agency, kind, text) != id


@given(st.uuids(), st.uuids())
def test_ids_of_two_agencies_have_nothing_in_common(one: UUID, other: UUID) -> None:
    texts = {IDS.out(agency, kind, id) for id in (one, other) for agency in ("a", "ab") for kind in ("bc", "c")}
    assert len(texts) == (4 if one == other else 8)


@given(st.text(max_size=40))
def test_text_that_was_never_said_is_none_or_said_again_alike(text: str) -> None:
    back = IDS.back("example-clinic-north", "client", text)
    assert back is None or IDS.out("example-clinic-north", "client", back) == text


def at(year: int, before: timedelta = timedelta(0)) -> PairwiseIds:
    return PairwiseIds(ROOT, SetClock(datetime(year, 1, 1, tzinfo=UTC) - before))


@given(YEARS, YEARS, SLUGS, SLUGS, st.uuids())
def test_an_id_is_understood_for_three_years_after_its_own(
    said: int, heard: int, agency: str, kind: str, id: UUID
) -> None:
    text, found = at(said).out(agency, kind, id), at(heard).back(agency, kind, at(said).out(agency, kind, id))
    assert (found == id) is (0 <= heard - said < YEARS_UNDERSTOOD)
    assert at(heard).back(agency + "x", kind, text) != id
    assert at(heard).back(agency, kind + "x", text) != id
    assert PairwiseIds(RootKey(bytes(32)), SetClock(datetime(heard, 1, 1, tzinfo=UTC))).back(agency, kind, text) != id


@given(YEARS, YEARS, SLUGS, SLUGS, st.uuids())
def test_the_forms_of_two_years_share_nothing_but_a_year(
    one: int, other: int, agency: str, kind: str, id: UUID
) -> None:
    first, second = (at(year).out(agency, kind, id) for year in (one, other))
    if one == other:
        assert first == second
        return
    assert first[:25] != second[:25]
    bits = [int.from_bytes(base64.b32decode(text.upper() + "AAAAAA")) >> 32 for text in (first, second)]
    # Of 128 bits of two unrelated blocks about a half differ; that fewer than 20 do has a chance below 2^-50.
    assert 20 < (bits[0] ^ bits[1]).bit_count() < 108


@given(YEARS, SLUGS, SLUGS, st.uuids())
def test_the_year_is_all_that_two_ids_of_one_year_have_in_common(year: int, agency: str, kind: str, id: UUID) -> None:
    texts = [at(year).out(agency, kind, id), at(year).out(agency, kind, UUID(int=id.int ^ 1))]
    assert {IDS_OF_BITS.index(text[-1]) % YEARS_UNDERSTOOD for text in texts} == {
        (year - FIRST_YEAR) % YEARS_UNDERSTOOD
    }


@given(YEARS, st.uuids())
def test_a_clock_that_is_ahead_is_understood_on_the_last_day_of_a_year(year: int, id: UUID) -> None:
    new = at(year).out("a", "client", id)
    assert at(year, before=AHEAD).back("a", "client", new) == id
    assert at(year, before=AHEAD + timedelta(seconds=1)).back("a", "client", new) != id or year == FIRST_YEAR


def test_a_key_that_is_not_in_use_yet_names_nothing() -> None:
    text = at(FIRST_YEAR).out("a", "client", CLIENT)
    last = IDS_OF_BITS.index(text[-1])
    others = [text[:-1] + IDS_OF_BITS[last - last % 4 + bits] for bits in range(4) if bits != last % 4]
    assert [at(FIRST_YEAR).back("a", "client", other) for other in others] == [None] * 3
    assert at(FIRST_YEAR - 20).out("a", "client", CLIENT) == text


def test_every_form_but_the_one_is_refused() -> None:
    text = GOLDEN_IDS[0][2]
    loose = text[:-1] + "v"  # the same 128 bits, and one of the two that are zero in the first year
    wrong = [
        "",
        text[:-1],
        text + "a",
        text.upper(),
        text[:-1] + "0",
        " " + text[1:],
        text[:-1] + "\n",
        loose,
        "_" * 26,
    ]
    assert [IDS.back("example-clinic-north", "client", one) for one in wrong] == [None] * len(wrong)


@given(SLUGS, st.uuids())
def test_pseudonyms_differ_by_initiative_and_root(initiative: str, client: UUID) -> None:
    texts = {
        LogPseudonyms(ROOT).of(initiative, client),
        LogPseudonyms(ROOT).of(initiative + "x", client),
        LogPseudonyms(RootKey(bytes(32))).of(initiative, client),
        IDS.out(initiative, "client", client),
        base32(client.bytes),
    }
    assert len(texts) == 5
