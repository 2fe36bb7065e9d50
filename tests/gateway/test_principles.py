"""The pages about the initiatives: every link leads somewhere, every figure in print has its source, both languages."""

import html
import re
from collections.abc import Iterator

import httpx
import pytest

from contracts.initiative import Initiative, load_initiatives
from contracts.vocabulary import Principle
from deploy.closeknit.initiative_new import PATTERNS
from services.gateway.pages.principles import AUDIENCES, PRINCIPLES, Served
from services.gateway.pages.terms import OWN_SOURCES, TITLES
from tests.gateway.house import INITIATIVES, House
from tests.gateway.reading import Reading
from tests.gateway.upstream_figures import release

pytestmark = pytest.mark.slow

EVERY = load_initiatives(INITIATIVES)
SERVED = [served for principle in PRINCIPLES.values() for served in principle.served]
READERS = ("sam-specimen", "greta-example")


def main_of(page: httpx.Response) -> str:
    """What a page says between its header and its footer."""
    return page.text.partition("<main")[2].partition("</main>")[0]


def links(page: httpx.Response) -> list[str]:
    return re.findall(r'href="([^"]+)"', main_of(page))


def dead(house: House, addresses: list[str]) -> list[str]:
    """Links that open no page for a stranger, a staff member or a working group's, or name a place that is not there.

    A place on a scorecard is there once a release has that measure: the scorecards say which they have.
    """
    lost = []
    for address in addresses:
        asked, _, place = address.partition("#")
        path = asked.partition("?")[0]
        places: set[str] = set()
        for reader in (None, *READERS):
            with house.visitor(reader) as visitor:
                answer = visitor.get(asked)
                if answer.status_code == 200 and answer.url.path == path:
                    places |= {"", *Reading(answer.text).ids}
        if path == "/scorecard":
            groups = [group for initiative in EVERY.values() for group in initiative.working_groups]
            places |= {f"m-{measure}" for group in groups for measure in group.measures}
        if place not in places:
            lost.append(address)
    return lost


def test_there_are_nine_in_their_order() -> None:
    assert list(PRINCIPLES) == [each.value for each in Principle]
    assert all(principle.served for principle in PRINCIPLES.values())


@pytest.mark.parametrize("initiative", EVERY.values(), ids=EVERY)
def test_both_initiatives_follow_all_nine(initiative: Initiative) -> None:
    assert [each.principle for each in initiative.principles] == list(Principle)


def test_every_link_of_the_principles_leads_somewhere(house: House) -> None:
    with house.visitor() as visitor:
        found = links(visitor.get("/about/principles"))
    assert {served.link for served in SERVED} <= set(found)
    assert len([address for address in found if address.startswith("/scorecard?measure=")]) > 5
    assert dead(house, sorted(set(found))) == []


def test_a_link_that_leads_nowhere_is_seen(house: House) -> None:
    assert dead(house, ["/about#who", "/about#nobody", "/aboot", "/scorecard?measure=happiness#m-happiness"]) == [
        "/about#nobody",
        "/aboot",
        "/scorecard?measure=happiness#m-happiness",
    ]


@pytest.mark.parametrize("served", SERVED, ids=lambda served: served.text)
def test_what_asks_for_a_sign_in_says_so(house: House, served: Served) -> None:
    with house.visitor() as visitor:
        opened = visitor.get(served.link.partition("#")[0])
    assert (opened.url.path == "/sign-in") == (served.audience is not None)


@pytest.mark.parametrize("reader", ["sam-specimen", "greta-example", "kofi-specimen", "bea-backbone-example"])
def test_no_link_of_the_principles_leads_to_a_refusal(house: House, reader: str) -> None:
    house.twin.releases = [release("2026-Q3.1", house.twin)]
    with house.visitor(reader) as visitor:
        page = visitor.get("/about/principles")
        found = {address.partition("#")[0] for address in links(page)}
        refused = [address for address in found if visitor.get(address).status_code != 200]
    assert refused == []
    assert "for people who sign in" not in main_of(page)


def test_a_link_is_there_for_whom_it_opens_and_else_says_whose_it_is(house: House) -> None:
    readers = {"agencies": "rosa-muestra", "leads": "sam-specimen", "groups": "greta-example"}
    for audience, reader in readers.items():
        with house.visitor(reader) as visitor:
            visitor.get("/language/en")
            main = html.unescape(main_of(visitor.get("/about/principles")))
            for served in SERVED:
                opened = visitor.get(served.link.partition("#")[0]).status_code == 200
                assert (f'<a href="{served.link}">{served.text}</a>' in main) == opened
                whose = AUDIENCES[served.audience or "groups"]
                assert opened or f'{served.text} <span class="quiet small">{whose}</span>' in main
                assert opened or audience != served.audience, "whoever it is for can open it"


def test_figures_of_another_initiative_are_no_link(house: House) -> None:
    def figures(reader: str | None, initiative: str = "fresno-ptbi") -> list[int]:
        """How many links to a measure stand behind each initiative's name."""
        with house.visitor(reader, initiative) as visitor:
            main = main_of(visitor.get("/about/principles"))
        parts = re.split(r'<a href="/about/initiatives/([a-z-]+)">', main)
        found = dict.fromkeys(EVERY, 0)
        for slug, part in zip(parts[1::2], parts[2::2], strict=True):
            found[slug] += part.count('<a href="/scorecard?measure=')
        return [found["fresno-ptbi"], found["expecting-justice-sf"]]

    ours, theirs = figures(None)
    assert min(ours, theirs) > 0
    assert figures("kofi-specimen") == [ours, 0]
    with house.visitor("kofi-specimen") as visitor:
        assert main_of(visitor.get("/about/principles")).count("for its working groups") == theirs
    assert figures("berta-backbone-sample", "expecting-justice-sf") == [0, theirs]
    assert figures("sam-specimen") == [0, 0], "the scorecard is not theirs"


def measures(initiative: Initiative) -> Iterator[str]:
    for group in initiative.working_groups:
        yield from group.measures
    for each in initiative.principles:
        yield from each.measures


@pytest.mark.parametrize("initiative", EVERY.values(), ids=EVERY)
def test_every_measure_that_it_names_has_a_title(initiative: Initiative) -> None:
    assert set(measures(initiative)) <= set(TITLES)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("initiative", EVERY.values(), ids=EVERY)
def test_an_initiative_shows_all_that_is_said_of_it(house: House, initiative: Initiative, language: str) -> None:
    with house.visitor() as visitor:
        visitor.get(f"/language/{language}")
        page = visitor.get(f"/about/initiatives/{initiative.slug}")
    said = " ".join("".join(Reading(page.text).said.values()).split())
    texts = [initiative.about, *(fact.text for fact in initiative.facts), *(each.title for each in initiative.agenda)]
    texts += [target.statement for target in initiative.targets]
    texts += [baseline.population for target in initiative.targets for baseline in target.baselines]
    texts += [group.about for group in initiative.working_groups]
    texts += [text for group in initiative.working_groups if group.charter for text in group.charter.decides]
    texts += [asked.ask for group in initiative.working_groups for asked in group.questions]
    texts += [programme.about for programme in initiative.programmes]
    assert [text.said(language) for text in texts if text.said(language) not in said] == []


def sources(part: object) -> Iterator[str]:
    """Every source that is named in a part of an initiative."""
    if isinstance(part, dict):
        if isinstance(part.get("source"), str):
            yield part["source"]
        for inner in part.values():
            yield from sources(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from sources(inner)


@pytest.mark.parametrize("initiative", EVERY.values(), ids=EVERY)
def test_every_figure_in_print_stands_with_its_source(house: House, initiative: Initiative) -> None:
    with house.visitor() as visitor:
        page = visitor.get(f"/about/initiatives/{initiative.slug}")
    said = " ".join("".join(Reading(page.text).said.values()).split())
    named = set(sources(initiative.model_dump(exclude={"zip_groups", "agencies", "practice"})))
    assert {source for source in named if source not in said} == set()
    for count in initiative.counts.values():
        assert f"{count.number} {count.what.said('en')}" in said


@pytest.mark.parametrize("initiative", EVERY.values(), ids=EVERY)
def test_sources_that_are_ours_are_said_in_spanish_too(house: House, initiative: Initiative) -> None:
    with house.visitor() as visitor:
        visitor.get("/language/es")
        page = visitor.get(f"/about/initiatives/{initiative.slug}").text
    assert "esbozado con esta configuración; " in page
    assert [text for text in OWN_SOURCES if text in html.unescape(page)] == []


def test_no_source_of_ours_is_left_over() -> None:
    files = [*INITIATIVES.glob("*/*.toml"), *INITIATIVES.glob("*/*.csv"), *PATTERNS.glob("*.toml")]
    written = "".join(path.read_text("utf-8") for path in files)
    assert [text for text in OWN_SOURCES if text not in written] == []


def test_a_place_that_is_no_initiative_is_not_there(house: House) -> None:
    with house.visitor() as visitor:
        assert visitor.get("/about/initiatives/atlantis").status_code == 404


def test_san_franciscos_programmes_say_amounts_and_promise_nothing(house: House) -> None:
    with house.visitor() as visitor:
        page = main_of(visitor.get("/about/initiatives/expecting-justice-sf"))
    assert "<strong>$1,000</strong> a month" in page
    assert 'id="programme-mini-grants"' in page
    assert "Nobody applies or is paid through these pages." in page
    assert "<form" not in page


def test_a_group_without_questions_begins_with_its_figures(house: House) -> None:
    house.twin.releases = [release("2026-Q3.1", house.twin)]
    with house.visitor("greta-example") as visitor:
        page = visitor.get("/scorecard").text
    assert "What we ask" not in page
    assert "A draft: the group has not adopted it yet" in page


def test_before_the_first_release_a_group_reads_what_it_is_for(house: House) -> None:
    house.twin.releases = []
    with house.visitor("lupe-ficticia") as visitor:
        visitor.get("/language/en")
        page = visitor.get("/scorecard").text
    assert "There is no release yet" in page
    assert "When an agency is asked to help, does it answer?" in page
    assert page.count("There is no figure for it in a release yet.") == 7
