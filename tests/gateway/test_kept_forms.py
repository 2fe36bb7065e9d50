"""Nothing that was typed is lost when the sign-in is over, and it comes back to who typed it alone (R10)."""

import re
import secrets
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from services.gateway.access.kept_forms import KeptForms, Values
from services.gateway.access.session import Handles, Session
from services.gateway.pages.problems import PROBLEMS
from services.runtime.auth import Principal
from tests.gateway.house import House, hidden, lapse
from tests.gateway.reading import Reading
from tests.gateway.test_pages import client_page
from tests.gateway.test_session import REFERENCE
from tests.gateway.test_stale import opened
from tests.gateway.test_steps import TODAY

TYPED = "Rings twice, then waits."
READS = ("get_", "list_", "search_")
PAGE = "/clients/{handle}/contact"
LANGUAGE = 'href="/language/'
Fields = dict[str, Any]


def contact_form(house: House, visitor: httpx.Client) -> tuple[str, str]:
    return (form := f"{client_page(visitor)}/contact"), form


def of_her(step: str, form: str = "") -> Callable[[House, httpx.Client], tuple[str, str]]:
    """A form on a page of hers: where it stands and where it goes."""
    return lambda house, visitor: (f"{(her := client_page(visitor))}{step}", f"{her}{form or step}")


def to_answer(step: str) -> Callable[[House, httpx.Client], tuple[str, str]]:
    def found(house: House, visitor: httpx.Client) -> tuple[str, str]:
        opened(visitor, path := f"/referrals/{house.twin.referral}")
        return path, f"{path}/{step}"

    return found


def at(path: str, form: str = "") -> Callable[[House, httpx.Client], tuple[str, str]]:
    return lambda house, visitor: (path, form or path)


FORMS: dict[str, tuple[Callable[[House, httpx.Client], tuple[str, str]], Fields]] = {
    "contact": (contact_form, {"mode": "phone", "contact_outcome": "completed", "day": TODAY, "contact_note": TYPED}),
    "new client": (at("/clients/new"), {"given": "Lia", "family": "Specimen", "line": TYPED}),
    "consent": (of_her("/consent"), {"agreed": "yes", "how": "signed", "form": "local", "form_version": TYPED}),
    "safe contact": (of_her("/safe-contact"), {"modes": ["phone"], "words": TYPED}),
    "identity": (of_her("/identity"), {"given": "Nora", "family": "Muster", "line": TYPED}),
    "hand off": (of_her("/handoff"), {"note": TYPED, "domain": "home_visiting"}),
    "promise": (of_her("/plan"), {"day": "2030-01-01", "mode": "phone", "plan_note": TYPED}),
    "stop": (of_her("", "/stop"), {"cause": "deceased", "stop_note": TYPED}),
    "screening": (of_her("/screening"), {"instrument": "phq_2", "result": "negative", "day": TODAY, "score": "1"}),
    "group": (at("/group-session"), {"day": TODAY, "minutes": "55"}),
    "question": (to_answer("ask"), {"question": TYPED}),
    "decline": (to_answer("decline"), {"reason": "no_capacity"}),
    "send": (at("/referrals/new"), {"given": "Lia", "family": "Specimen", "note": TYPED}),
}


def done(house: House, before: int = 0) -> list[str]:
    """What was carried out since: not what was read, kept as a draft, or asked whether it had come before."""
    heard = [(action, body) for action, body, headers in house.twin.heard[before:] if headers.get("if-match") != '"1"']
    return [action for action, body in heard if not (action.startswith(READS) or body.get("draft"))]


def typed(fields: Fields) -> list[str]:
    return [str(each) for value in fields.values() for each in (value if isinstance(value, list) else [value])]


def hidden_kept(page: httpx.Response) -> list[str]:
    return re.findall(r'name="kept" value="([^"]+)"', page.text)


def signs_in(visitor: httpx.Client, person: str = "sam-specimen") -> None:
    page = visitor.get("/sign-in/go", params={"initiative": "fresno-ptbi"})
    visitor.post(str(page.url), data={"person": person})


def signs_out(visitor: httpx.Client) -> None:
    visitor.post("/sign-out", data=hidden(visitor.get("/work"), "/sign-out"))
    assert "closeknit" not in visitor.cookies


@pytest.mark.parametrize("name", FORMS)
def test_r10_who_signed_out_in_another_tab_finds_everything_typed(
    house: House, visitor: httpx.Client, name: str
) -> None:
    found, fields = FORMS[name]
    page, form = found(house, visitor)
    sent = {**hidden(visitor.get(page), form), **fields}
    before = len(house.twin.heard)
    signs_out(visitor)
    told = visitor.post(form, data=sent)
    assert (told.status_code, Reading(told.text).wrong) == (401, [])
    assert "what you typed is not lost" in told.text
    assert TYPED not in told.text, "it is sealed"
    assert LANGUAGE not in told.text, "it would be left behind"
    signs_in(visitor)
    shown = visitor.post(str(told.url), data={"kept": hidden_kept(told)})
    assert (shown.status_code, Reading(shown.text).wrong) == (422, [])
    assert "Nothing was sent yet. Look at what you typed, then press again." in shown.text
    assert [each for each in typed(fields) if each not in shown.text] == []
    assert LANGUAGE not in shown.text, "its address is of the earlier sign-in, or of a form alone"
    assert done(house, before) == [], "nothing is done before it is pressed again"


@pytest.mark.parametrize("name", FORMS)
def test_the_language_is_chosen_where_the_page_can_be_loaded_again(
    house: House, visitor: httpx.Client, name: str
) -> None:
    page = visitor.get(FORMS[name][0](house, visitor)[0])
    (link,) = re.findall(r'href="(/language/\w+)"', page.text)
    again = visitor.get(link, headers={"referer": str(page.url)})
    assert (again.status_code, again.url.path, 'lang="es"' in again.text) == (200, page.url.path, True)


def test_r10_what_came_back_is_sent_by_pressing_again(house: House, visitor: httpx.Client) -> None:
    path, form = contact_form(house, visitor)
    sent = {**hidden(visitor.get(path), form), **FORMS["contact"][1]}
    signs_out(visitor)
    told = visitor.post(form, data=sent)
    signs_in(visitor)
    shown = visitor.post(str(told.url), data={"kept": hidden_kept(told)})
    action = re.search(r'action="(/clients/\w+/contact)"', shown.text)
    assert action is not None
    assert action.group(1) != form, "her handle is one of the new sign-in"
    sent_now = visitor.post(action.group(1), data={**hidden(shown, action.group(1)), **FORMS["contact"][1]})
    assert "The contact is written down." in sent_now.text
    assert done(house) == ["record_contact"]


def test_r10_who_has_signed_in_again_before_sending_has_it_at_once(house: House, visitor: httpx.Client) -> None:
    path, form = contact_form(house, visitor)
    sent = {**hidden(visitor.get(path), form), **FORMS["contact"][1]}
    signs_out(visitor)
    signs_in(visitor)
    shown = visitor.post(form, data=sent)
    assert (shown.status_code, TYPED in shown.text) == (422, True)
    assert done(house) == []


def test_r10_on_a_shared_computer_it_comes_back_to_who_typed_it_alone(house: House, visitor: httpx.Client) -> None:
    path, form = contact_form(house, visitor)
    sent = {**hidden(visitor.get(path), form), **FORMS["contact"][1]}
    signs_out(visitor)
    signs_in(visitor, "ada-example")
    kept = hidden_kept(visitor.post(form, data=sent))
    for body in (sent, {"kept": kept}):
        told = visitor.post(form, data=body)
        assert (told.status_code, TYPED in told.text) == (403, False)
        assert PROBLEMS["typed-by-another"].title in told.text
    assert done(house) == []
    signs_out_of_directory = hidden(visitor.get("/directory"), "/sign-out")
    visitor.post("/sign-out", data=signs_out_of_directory)
    signs_in(visitor)
    assert TYPED in visitor.post(form, data={"kept": kept}).text


def test_a_form_that_names_nobody_is_not_ours(house: House, visitor: httpx.Client) -> None:
    path, form = contact_form(house, visitor)
    sent = {**hidden(visitor.get(path), form), **FORMS["contact"][1]}
    made_up = KeptForms(secrets.token_hex(32)).signed(Session.begin("t"), who("sam-specimen")).csrf
    for csrf in ("", "x" * 24, made_up):
        told = visitor.post(form, data={**sent, "csrf": csrf})
        assert (told.status_code, PROBLEMS["form-not-ours"].title in told.text) == (403, True)
    signs_out(visitor)
    told = visitor.post(form, data={**sent, "csrf": made_up})
    assert (told.status_code, hidden_kept(told)) == (401, [])


def test_a_press_of_a_button_alone_is_done_again_on_its_page(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    sent = hidden(visitor.get(path), f"{path}/open")
    lapse(house, visitor)
    told = visitor.post(f"{path}/open", data=sent)
    assert (told.status_code, hidden_kept(told), "Sign in" in told.text) == (401, [], True)


def who(subject: str, agency: str = "example-clinic-north", initiative: str = "fresno-ptbi") -> Principal:
    return Principal(subject=subject, initiative=initiative, agency=agency, roles=frozenset({"staff"}), token="t")


def kept_by(forms: KeptForms, person: Principal, values: Values) -> tuple[tuple[str, ...], Session]:
    session = forms.signed(Session.begin("t", person.subject), person)
    return tuple(forms.seal(PAGE, session.csrf, values, {"handle": Handles(session).of(REFERENCE)})), session


def test_handles_become_those_of_the_new_sign_in_and_nothing_else_is_touched() -> None:
    forms, sam = KeptForms(secrets.token_hex(32)), who("sam")
    session = forms.signed(Session.begin("t", "sam"), sam)
    hers, later = Handles(session).of(REFERENCE), Session.begin("t", "sam")
    values = {
        "client": (hers, "new"),
        f"came-{hers}": ("yes",),
        "note": (hers,),
        "need": ("doula",),
        "consent": (hers,),
    }
    pieces = forms.seal(PAGE, session.csrf, values, {"handle": hers, "step": "record"})
    found = forms.open(tuple(pieces), PAGE)
    assert found is not None
    assert hers not in "".join(pieces)
    new = Handles(later).of(REFERENCE)
    fields, path = found.in_sign_in(later)
    assert fields == {
        "client": (new, "new"),
        f"came-{new}": ("yes",),
        "note": (hers,),
        "need": ("doula",),
        "consent": (hers,),
    }
    assert path == {"handle": new, "step": "record"}


@pytest.mark.parametrize(
    ("other", "its"),
    [
        (who("sam"), True),
        (who("ida"), False),
        (who("sam", agency="example-doula-network"), False),
        (who("sam", initiative="expecting-justice-sf"), False),
        (None, False),
    ],
)
def test_it_is_of_one_person_at_one_agency(other: Principal | None, its: bool) -> None:
    forms = KeptForms(secrets.token_hex(32))
    pieces, _ = kept_by(forms, who("sam"), {"note": (TYPED,)})
    found = forms.open(pieces, PAGE)
    assert found is not None
    assert found.is_of(other) is its
    assert forms.open(pieces, "/clients/new") is None
    assert KeptForms(secrets.token_hex(32)).open(pieces, PAGE) is None


def test_a_long_text_is_kept_in_pieces_that_a_form_can_hold_and_too_much_is_not() -> None:
    forms = KeptForms(secrets.token_hex(32))
    long = "".join(map(chr, range(0x4E00, 0x4E00 + 12_000)))
    pieces, _ = kept_by(forms, who("sam"), {"note": (long,)})
    assert len(pieces) > 1
    assert max(map(len, pieces)) <= 12_000, "the longest field that is read"
    found = forms.open(pieces, PAGE)
    assert found is not None
    assert found.values["note"] == (long,)
    whole = {f"f{n}": (secrets.token_hex(6_000),) for n in range(190)}
    assert kept_by(forms, who("sam"), whole)[0] == ()
