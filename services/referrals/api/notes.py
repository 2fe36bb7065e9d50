"""Notes over HTTP: text or a file into the vault, and out again for who may read it."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.referrals.api.callers import Agency, AtDesk, Staff, acting
from services.referrals.api.naming import Naming
from services.referrals.api.problems import unfit
from services.referrals.api.shapes import AgencyNamed, Answer, Body, Handle, Instant, NoteText
from services.referrals.application import contact as contacts
from services.referrals.application import note as notes
from services.referrals.application.file_check import LIMIT
from services.referrals.application.note import Belongs, FileSeen
from services.runtime.http import Call, Download, Reply, Takes, Upload, lean_router

router = lean_router()

UUID_FORM = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
"""A form has texts alone: an id is one of them."""


class CreateNote(Body):
    """Text about one client of the agency's, or the fields of a form whose file comes last (PDF, PNG, JPEG, 10 MB).

    It may belong to a referral of hers or to a contact of the agency's own.
    """

    client: Handle
    text: NoteText | None = None
    referral: Annotated[str, Field(pattern=UUID_FORM)] | None = None
    contact: Handle | None = None


class NoteRef(Answer):
    """A note by this agency's own reference."""

    note: str


class FileShown(Answer):
    """A file: its own name, what it is, and how many bytes it has. They are at /v1/notes/{note}/file."""

    note: str
    name: str
    media_type: str
    bytes: int


class FileListed(FileShown):
    """A file in a list: which agency added it, and when."""

    by: AgencyNamed
    at: Instant


class FilesShown(Answer):
    """Files that belong to a referral or a contact, the oldest first."""

    items: list[FileListed]


class NoteShown(Answer):
    """A note that this agency wrote: text, or what is said of a file."""

    note: str
    client: str
    text: str | None
    file: FileShown | None


@router.post("/v1/notes", status_code=201)
async def create_note(
    principal: Staff, call: Call, desk: AtDesk, body: CreateNote, file: Annotated[Upload | None, Takes(LIMIT)]
) -> Reply[NoteRef]:
    """Keep a note or a file in the vault."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    if (body.text is None) == (file is None):
        raise unfit("note-text-or-file", "/text")
    client = naming.back("client", body.client)
    referral = UUID(body.referral) if body.referral else None
    to = Belongs(referral=referral, contact=naming.maybe_back("contact", body.contact))
    if file is not None:
        done = await notes.upload(desk, who, client, file, to)
    else:
        done = await notes.create(desk, who, client, body.text or "", to)
    reference = naming.answered("note", done.answer)
    return Reply(NoteRef(note=reference), location=f"/v1/notes/{reference}", replayed=done.view is None)


@router.get("/v1/notes/{note}")
async def get_note(principal: Staff, call: Call, desk: AtDesk, note: str) -> NoteShown:
    """A note of this agency's own."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    seen = await notes.read(desk, who, naming.back("note", note))
    text = seen.text.open() if seen.text is not None else None
    file = _file(naming, seen.file) if seen.file is not None else None
    return NoteShown(note=naming.out("note", seen.id), client=naming.out("client", seen.client), text=text, file=file)


@router.get("/v1/notes/{note}/file")
async def get_note_file(principal: Staff, call: Call, desk: AtDesk, note: str) -> Download:
    """The bytes of a file: of this agency's own, or of one that came with a referral to it.

    That the latter was read is on her list of who saw her record.
    """
    who = acting(principal, call, desk)
    seen = await notes.file_of(desk, who, Naming(desk, who).back("note", note))
    return Download(seen.facts.media_type, seen.facts.name, seen.facts.length, notes.pieces_of(desk, who, seen))


@router.get("/v1/referrals/{referral}/files")
async def list_referral_files(principal: Agency, call: Call, desk: AtDesk, referral: UUID) -> FilesShown:
    """The files of a referral that the caller's side may see."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    found: list[FileSeen] = await notes.files_of(desk, who, referral)
    return _files(naming, found)


@router.get("/v1/contacts/{contact}/files")
async def list_contact_files(principal: Agency, call: Call, desk: AtDesk, contact: str) -> FilesShown:
    """The files that this agency added to a contact of its own."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    seen = await contacts.read(desk, who, naming.back("contact", contact))
    return _files(naming, await notes.files_of_contact(desk, who, seen.client, seen.id))


def _files(naming: Naming, found: list[FileSeen]) -> FilesShown:
    listed = [
        FileListed(**_file(naming, each).model_dump(), by=naming.agency(each.agency), at=each.at)
        for each in found
        if each.at is not None
    ]
    return FilesShown(items=listed)


def _file(naming: Naming, seen: FileSeen) -> FileShown:
    facts = seen.facts
    return FileShown(note=naming.out("note", seen.id), name=facts.name, media_type=facts.media_type, bytes=facts.length)
