"""Problem pages: one for every problem that a service may raise, each with its own sentence."""

import ast
import re
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from services.gateway.pages.problems import LOOKED_AT, NOT_SENT, PROBLEMS, told_of
from tests.gateway.house import House, hidden
from tests.gateway.reading import Reading
from tests.gateway.upstream_twin import problem

pytestmark = pytest.mark.slow  # walks every page

SERVICES = Path(__file__).parents[2] / "services"
RAISED = {"Problem", "AuthProblem", "WrongState", "WrongSide", "Conflict", "NotAgreed", "NoEvidence"}
UNFIT = {"Unfit", "UnfitFile", "unfit"}
TESTS, NAMED = Path(__file__).parents[1], re.compile(r"""["'/]([a-z]+(?:-[a-z]+)*)["']""")
SLUG = re.compile(r"[a-z]+(-[a-z]+)+")
# Said by the initiative's own rules in interface.md beside what the code raises now.
NOT_OURS = "too-many-requests"  # a proxy before us may say so
PROMISED = {"precondition-required", "too-many-requests", "form-not-ours", "internal", "malformed", "overloaded"}


def slugs(source: str, raised: Collection[str] = RAISED) -> Iterator[str]:
    """Slugs of problems that a module can raise."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) in raised:
            texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
            yield from (text for text in texts if isinstance(text, str) and SLUG.fullmatch(text))
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if getattr(target, "id", None) == "SLUG" and isinstance(node.value.value, str):
                yield node.value.value


def raised() -> set[str]:
    return {slug for path in SERVICES.rglob("*.py") for slug in slugs(path.read_text(encoding="utf-8"))}


def test_every_problem_has_its_page() -> None:
    assert (raised() | PROMISED) - PROBLEMS.keys() == set()
    assert len(raised()) > 20


def test_a_new_problem_is_seen() -> None:
    assert set(slugs('raise Problem(409, "brand-new", "t")\nclass X:\n    SLUG = "other-one"')) == {
        "brand-new",
        "other-one",
    }


def untested(guards: set[str]) -> set[str]:
    """Guards that no test calls by name; this module names all of them, and does not count."""
    texts = [path.read_text(encoding="utf-8") for path in TESTS.rglob("*.py") if path != Path(__file__)]
    named = {name for text in texts for name in NAMED.findall(text)}
    return guards - named


def test_every_guard_is_tested_by_its_name() -> None:
    codes = {code for path in SERVICES.rglob("*.py") for code in slugs(path.read_text(encoding="utf-8"), UNFIT)}
    assert len(codes) > 40
    assert untested((PROBLEMS.keys() | codes) - {NOT_OURS}) == set()
    assert untested({"not" + "-a-guard", "not-found"}) == {"not-a-guard"}


def test_each_has_its_own_sentence() -> None:
    titles = [told.title for told in PROBLEMS.values()]
    assert len(titles) == len(set(titles))
    assert all("saved" in told.lead or "sent" in told.lead or told.lead for told in PROBLEMS.values())


@pytest.mark.parametrize("slug", sorted(PROBLEMS))
def test_a_problem_is_explained_to_anybody(house: House, slug: str) -> None:
    with house.visitor() as visitor:
        page = visitor.get(f"/problems/{slug}")
    read = Reading(page.text)
    assert (page.status_code, read.wrong) == (200, [])
    assert "Say this code" not in page.text


def test_an_unknown_problem_is_not_found(house: House) -> None:
    with house.visitor() as visitor:
        assert visitor.get("/problems/made-up").status_code == 404


@pytest.mark.parametrize(
    ("status", "slug", "heading"),
    [
        (401, "not-signed-in", "You are not signed in any more"),
        (403, "role-forbids", "Your role does not allow this"),
        (404, "not-found", "There is nothing here for you"),
        (409, "wrong-state", "Where it stands now, this is not possible"),
        (412, "precondition-failed", "It has changed since you read it"),
        (422, "malformed", "Something in it could not be read"),
        (429, "too-many-requests", "That was too often"),
        (503, "overloaded", "Too much is waiting just now"),
        (500, "internal", "Something broke on our side"),
        (409, "brand-new", "This is not possible"),
        (502, "brand-new", "Something broke on our side"),
    ],
)
def test_what_went_wrong_is_said(house: House, status: int, slug: str, heading: str) -> None:
    house.twin.breaks["get_referral"] = lambda: problem(status, slug, detail="never shown")
    with house.visitor("sam-specimen") as visitor:
        page = visitor.get(f"/referrals/{house.twin.referral}")
    assert page.status_code == status
    assert Reading(page.text).headings == [heading]
    assert "BI FA UC" in page.text
    assert "never shown" not in page.text
    assert house.twin.referral not in page.text
    assert ("retry-after" in page.headers) == (status == 503 or slug == "too-many-requests")


@pytest.mark.parametrize(
    ("status", "slug"), [(503, "unavailable"), (503, "overloaded"), (500, "internal"), (502, "new")]
)
@pytest.mark.parametrize(("language", "again"), [("en", "Try again"), ("es", "Inténtelo de nuevo")])
def test_a_page_that_cannot_be_shown_says_nothing_of_saving(
    house: House, status: int, slug: str, language: str, again: str
) -> None:
    house.twin.breaks["list_referrals"] = lambda: problem(status, slug)
    with house.visitor("sam-specimen") as visitor:
        visitor.get(f"/language/{language}")
        page = visitor.get("/work/outbox?from=abc&now=sent")
        house.twin.breaks.clear()
        once_more = visitor.get("/work/outbox?from=abc&now=sent")
    assert (page.status_code, Reading(page.text).wrong) == (status, [])
    assert not re.search(r"saved|guardó", page.text)
    assert {"en": "This page cannot be shown now.", "es": "Esta página no se puede mostrar ahora."}[
        language
    ] in page.text
    assert f'href="?from=abc&amp;now=sent">{again}</a>' in page.text
    assert once_more.status_code == 200


def test_a_command_that_was_not_answered_may_have_been_saved(house: House) -> None:
    path = f"/referrals/{house.twin.referral}"
    with house.visitor("sam-specimen") as visitor:
        form = hidden(visitor.get(path), f"{path}/open")
        house.twin.breaks["receive_referral"] = lambda: problem(503, "unavailable")
        unsure = visitor.post(f"{path}/open", data=form)
        house.twin.breaks["get_referral"] = lambda: problem(503, "unavailable")
        not_sent = visitor.post(f"{path}/open", data=form)
    assert (unsure.status_code, not_sent.status_code) == (503, 503)
    assert "We do not know whether it was saved." in unsure.text
    assert "We do not know" not in not_sent.text
    assert "Nothing was saved." in not_sent.text


def test_a_search_that_fails_saved_nothing(house: House) -> None:
    house.twin.breaks["search_clients"] = lambda: problem(503, "unavailable")
    with house.visitor("sam-specimen") as visitor:
        page = visitor.post("/clients", data={**hidden(visitor.get("/clients")), "find": "Nora"})
    assert page.status_code == 503
    assert "Nothing was saved." in page.text


def test_words_for_looking_say_nothing_of_saving() -> None:
    assert not any("saved" in told.lead + told.step for told in LOOKED_AT.values())
    assert any("saved" in told.lead for told in PROBLEMS.values())
    assert LOOKED_AT.keys() | NOT_SENT.keys() <= PROBLEMS.keys()
    assert told_of("brand-new", 502, looked=True, sent=False)[1] == LOOKED_AT["internal"]
    assert told_of("brand-new", 409, looked=True, sent=False) == ("refused", PROBLEMS["refused"])


def test_an_address_that_leads_nowhere_tells_nothing(house: House) -> None:
    with house.visitor("sam-specimen") as visitor:
        there = visitor.get("/referrals/0192aaaa-bbbb-7000-8000-000000000000")
        house.twin.breaks["get_referral"] = lambda: problem(404, "not-found")
        theirs = visitor.get(f"/referrals/{house.twin.referral}")
    plain = [re.sub(r"<time.*?</time>|\d\d:\d\d|value=\"[^\"]*\"", "", page.text) for page in (there, theirs)]
    assert plain[0] == plain[1]
