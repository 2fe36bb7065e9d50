import base64
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.vault.keys import RootKey
from services.referrals.vault.pairwise import LogPseudonyms, PairwiseIds, base32

ROOT = RootKey(bytes(range(32)))
CLIENT = UUID("0f0e0d0c-0b0a-4908-8706-050403020100")
IDS = PairwiseIds(ROOT)
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
    assert PairwiseIds(ROOT).back(agency, kind, text) == id
    assert IDS.back(agency + "x", kind, text) != id
    assert IDS.back(agency, kind + "x", text) != id
    assert PairwiseIds(RootKey(bytes(32))).back(agency, kind, text) != id


@given(st.uuids(), st.uuids())
def test_ids_of_two_agencies_have_nothing_in_common(one: UUID, other: UUID) -> None:
    texts = {IDS.out(agency, kind, id) for id in (one, other) for agency in ("a", "ab") for kind in ("bc", "c")}
    assert len(texts) == (4 if one == other else 8)


@given(st.text(max_size=40))
def test_text_that_was_never_said_is_none_or_said_again_alike(text: str) -> None:
    back = IDS.back("example-clinic-north", "client", text)
    assert back is None or IDS.out("example-clinic-north", "client", back) == text


def test_every_form_but_the_one_is_refused() -> None:
    text = GOLDEN_IDS[0][2]
    loose = text[:-1] + "v"  # the same 128 bits, and one of the two that must be zero
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
