"""Files over HTTP: kept as they come, read by who may, and nothing left of what is refused."""

from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest

from deploy.local.postgres import OWNER
from tests.papers import HARMFUL, JPEG, PNG, pdf
from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import AGREED, MET, Given, when

NINE = 9 * 2**20


@pytest.fixture
def rows(service: Service) -> Iterator[psycopg.Connection[tuple[int, ...]]]:
    """The vault's own tables."""
    with psycopg.connect(service.databases.dsn("identity", OWNER), autocommit=True) as connection:
        yield connection


def kept(rows: psycopg.Connection[tuple[int, ...]]) -> tuple[int, ...]:
    """How many notes and pieces of files there are."""
    found = rows.execute("SELECT (SELECT count(*) FROM notes), (SELECT count(*) FROM file_pieces)").fetchone()
    assert found is not None
    return found


def upload(
    caller: Caller, client: str, name: str, content: bytes, *, key: str | None = None, **more: str
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {caller.token}", **({"Idempotency-Key": key} if key else {})}
    fields: dict[str, Any] = {"client": client, **more}
    form = {**{field: (None, text) for field, text in fields.items()}, "file": (name, content)}
    return caller.http.post(f"{caller.url}/v1/notes", files=form, headers=headers)


def taken(answer: httpx.Response) -> str:
    return str(when(answer).then(201)["note"])


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("letter.pdf", pdf(), "application/pdf"),
        ("large.pdf", pdf(fill=NINE), "application/pdf"),
        ("card.png", PNG + b"\1" * 70_000, "image/png"),
        ("card.jpg", JPEG, "image/jpeg"),
    ],
)
def test_it_comes_out_as_it_went_in(north: Caller, doulas: Caller, name: str, content: bytes, kind: str) -> None:
    client = Given(north, doulas).client()
    note = taken(upload(north, client, name, content))
    when(north.get(f"/v1/notes/{note}")).then(200, client=client, text=None)
    answer = north.get(f"/v1/notes/{note}/file")
    assert (answer.status_code, answer.headers["content-type"], answer.content == content) == (200, kind, True)
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"
    assert answer.headers["content-security-policy"].startswith("sandbox")
    when(doulas.get(f"/v1/notes/{note}/file")).then_problem(404, "not-found")
    when(doulas.get(f"/v1/notes/{note}")).then_problem(404, "not-found")


def test_no_piece_of_it_lies_open_in_the_vault(
    north: Caller, doulas: Caller, rows: psycopg.Connection[tuple[int, ...]]
) -> None:
    taken(upload(north, Given(north, doulas).client(), "plain-words.png", PNG + b"plain words" * 9_000))
    found = rows.execute(
        "SELECT (SELECT count(*) FROM file_pieces WHERE position('plain words'::bytea IN sealed) > 0)"
        " + (SELECT count(*) FROM notes WHERE position('plain-words'::bytea IN sealed) > 0)"
    ).fetchone()
    assert found == (0,)


REFUSED = {
    "empty": ("letter.pdf", b"", 422, "file-empty"),
    "not as named": ("letter.pdf", PNG, 422, "file-not-as-named"),
    "another kind": ("letter.docx", b"PK\x03\x04", 415, "file-type-unknown"),
    "a script": ("letter.pdf", HARMFUL["a script that runs when it is opened"], 422, "file-with-script"),
    "a script packed": ("letter.pdf", HARMFUL["a script in an object stream"], 422, "file-with-script"),
    "locked": ("letter.pdf", pdf()[:100], 422, "file-unreadable"),
    "50 MB": ("letter.pdf", pdf(fill=50 * 10**6), 413, "too-large"),
    "just over": ("letter.pdf", pdf(fill=10 * 2**20), 413, "too-large"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_leaves_nothing_behind(
    north: Caller, doulas: Caller, rows: psycopg.Connection[tuple[int, ...]], what: str
) -> None:
    name, content, status, slug = REFUSED[what]
    client = Given(north, doulas).client()
    before = kept(rows)
    when(upload(north, client, name, content)).then_problem(status, slug)
    assert kept(rows) == before


def test_50_mb_are_refused_while_they_come(
    service: Service, north: Caller, doulas: Caller, rows: psycopg.Connection[tuple[int, ...]]
) -> None:
    client, sent = Given(north, doulas).client(), 0
    head = f'--x\r\ncontent-disposition: form-data; name="client"\r\n\r\n{client}\r\n--x\r\n'
    head += 'content-disposition: form-data; name="file"; filename="a.png"\r\n\r\n'

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        yield head.encode() + PNG
        while sent < 50 * 2**20:
            sent += 2**16
            yield bytes(2**16)

    before = kept(rows)
    headers = {"Authorization": f"Bearer {north.token}", "content-type": "multipart/form-data; boundary=x"}
    try:
        answer = httpx.post(f"{service.url}/v1/notes", content=pieces(), headers=headers, timeout=30)
        when(answer).then_problem(413, "too-large")
    except httpx.WriteError:
        pass  # the connection was closed under us, in the middle of it
    assert sent < 40 * 2**20
    assert kept(rows) == before


def test_the_same_upload_again_is_kept_once(
    north: Caller, doulas: Caller, rows: psycopg.Connection[tuple[int, ...]]
) -> None:
    client = Given(north, doulas).client()
    note = taken(upload(north, client, "card.png", PNG, key="card-1"))
    before = kept(rows)
    again = upload(north, client, "card.png", PNG, key="card-1")
    assert (taken(again), again.headers["idempotent-replay"], kept(rows)) == (note, "true", before)
    when(upload(north, client, "card.png", PNG + b"\1", key="card-1")).then_problem(422, "idempotency-key-reused")
    assert kept(rows) == before


def test_nothing_of_it_belongs_to_another(north: Caller, doulas: Caller, hub: Caller) -> None:
    given = Given(north, doulas)
    referral, other = given.sent(), given.client()
    when(upload(hub, referral.client, "card.png", PNG)).then_problem(404, "not-found")
    when(upload(north, other, "card.png", PNG, referral=referral.id)).then_problem(404, "not-found")
    when(north.post("/v1/notes", {"client": other})).then_malformed("/text", "note-text-or-file")
    when(upload(north, other, "card.png", PNG, text="And words")).then_malformed("/text", "note-text-or-file")
    when(upload(north, other, "card.png", PNG, more="x")).then_malformed("", "unknown_field")


def test_r1_a_referrals_file_is_its_receivers_where_she_gave_the_note(
    north: Caller, doulas: Caller, hub: Caller
) -> None:
    given = Given(north, doulas)
    referral = given.sent()
    note = taken(upload(north, referral.client, "card.png", PNG, referral=referral.id))
    (shown,) = doulas.seen(f"{referral.path}/files")["items"]
    assert (shown["name"], shown["bytes"], shown["note"] == note) == ("card.png", len(PNG), False)
    assert doulas.get(f"/v1/notes/{shown['note']}/file").content == PNG
    when(hub.get(f"{referral.path}/files")).then_problem(404, "not-found")
    bare = given.sent(consent=AGREED | {"fields": ["name"]})
    taken(upload(north, bare.client, "card.png", PNG, referral=bare.id))
    assert doulas.seen(f"{bare.path}/files")["items"] == []
    doulas.done(f"{referral.path}/decline", {"reason": "no_capacity"})
    assert doulas.seen(f"{referral.path}/files")["items"] == []
    when(doulas.get(f"/v1/notes/{shown['note']}/file")).then_problem(404, "not-found")


def test_r1_what_was_added_after_she_took_it_back_reaches_nobody(north: Caller, doulas: Caller) -> None:
    given = Given(north, doulas)
    client = given.client()
    consent = given.consent(client)
    referral = given.accepted(client, consent={"id": consent})
    taken(upload(north, client, "before.png", PNG, referral=referral.id))
    north.done(f"/v1/consents/{consent}/revoke")
    taken(upload(north, client, "after.png", PNG, referral=referral.id))
    assert [each["name"] for each in doulas.seen(f"{referral.path}/files")["items"]] == ["before.png"]
    assert len(north.seen(f"{referral.path}/files")["items"]) == 2


def test_a_contacts_files_are_its_own_agencys(north: Caller, doulas: Caller) -> None:
    given = Given(north, doulas)
    client = given.client()
    contact = north.done(f"/v1/clients/{client}/contacts", MET)["contact"]
    taken(upload(north, client, "card.png", PNG, contact=contact))
    taken(upload(north, client, "other.png", PNG))
    (shown,) = north.seen(f"/v1/contacts/{contact}/files")["items"]
    assert (shown["name"], shown["by"]["agency"], shown["at"][:2]) == ("card.png", "example-clinic-north", "20")
    when(doulas.get(f"/v1/contacts/{contact}/files")).then_problem(404, "not-found")
