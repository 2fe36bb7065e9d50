"""Notes over HTTP: text into the vault, and an agency's own text out again."""

from services.referrals.api.callers import AtDesk, Staff, acting
from services.referrals.api.naming import Naming
from services.referrals.api.shapes import Answer, Body, Handle, NoteText
from services.referrals.application import note as notes
from services.runtime.http import Call, Reply, lean_router

router = lean_router()


class CreateNote(Body):
    """Text about one client of the agency's."""

    client: Handle
    text: NoteText


class NoteRef(Answer):
    """A note by this agency's own reference."""

    note: str


class NoteShown(Answer):
    """A note that this agency wrote."""

    note: str
    client: str
    text: str


@router.post("/v1/notes", status_code=201)
async def create_note(principal: Staff, call: Call, desk: AtDesk, body: CreateNote) -> Reply[NoteRef]:
    """Write a note into the vault; a note that nothing names within a day is swept away."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id, replayed = await notes.create(desk, who, naming.back("client", body.client), body.text)
    reference = naming.out("note", id)
    return Reply(NoteRef(note=reference), location=f"/v1/notes/{reference}", replayed=replayed)


@router.get("/v1/notes/{note}")
async def get_note(principal: Staff, call: Call, desk: AtDesk, note: str) -> NoteShown:
    """A note of this agency's own."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    seen = await notes.read(desk, who, naming.back("note", note))
    return NoteShown(note=note, client=naming.out("client", seen.client), text=seen.text.open())
