"""A file on its way through: whole, as it comes, and no more of it than is taken."""

from collections.abc import Iterator

import httpx
import pytest

from services.gateway.passage.upload import LIMIT
from tests.gateway.house import House
from tests.gateway.test_passage import slug, token
from tests.plain import PLAIN

FORM = {"content-type": "multipart/form-data; boundary=x"}


def pieces(length: int) -> Iterator[bytes]:
    while length > 0:
        yield bytes(min(length, 2**16))
        length -= 2**16


@pytest.mark.parametrize("length", [1, 2**16, 2_000_000, LIMIT])
def test_an_upload_comes_through_whole(house: House, length: int) -> None:
    with httpx.Client(base_url=house.url, timeout=30, verify=PLAIN) as client:
        answer = client.post("/v1/notes", content=pieces(length), headers=token(house) | FORM)
        assert (answer.status_code, answer.json()["bytes"]) == (201, length)
        again = client.get("/v1/work", headers=token(house))
    assert again.status_code == 200


@pytest.mark.parametrize("declared", [True, False])
def test_more_than_is_taken_is_refused_on_the_way(house: House, declared: bool) -> None:
    content = bytes(LIMIT + 1) if declared else pieces(LIMIT + 2**20)
    with httpx.Client(base_url=house.url, timeout=30, verify=PLAIN) as client:
        answer = client.post("/v1/notes", content=content, headers=token(house) | FORM)
    assert (answer.status_code, slug(answer)) == (413, "too-large")


def test_other_bodies_keep_their_own_limit(house: House) -> None:
    with httpx.Client(base_url=house.url, timeout=30, verify=PLAIN) as client:
        headers = token(house) | {"content-type": "application/json"}
        answer = client.post("/v1/notes", content=bytes(1_000_001), headers=headers)
    assert (answer.status_code, slug(answer)) == (413, "too-large")
