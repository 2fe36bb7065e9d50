"""Each kind of bad input about figures is a page that says so: nothing is shown in its place unsaid."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from tests.gateway.house import House, hidden
from tests.gateway.reading import Reading
from tests.gateway.upstream_figures import COMING, release
from tests.gateway.upstream_twin import problem

NOT_HERE = "There is nothing here for you"


@pytest.fixture
def reader(house: House) -> Iterator[httpx.Client]:
    house.twin.releases = [release("2026-Q3.1", house.twin), release("2026-Q2.1", house.twin)]
    with house.visitor("greta-example") as visitor:
        yield visitor


def refused(reader: httpx.Client, path: str, status: int, heading: str) -> None:
    page = reader.get(path)
    assert (page.status_code, Reading(page.text).headings) == (status, [heading])
    assert "<table" not in page.text


def test_a_draft_of_another_or_no_release_at_all_is_not_shown_as_the_newest(reader: httpx.Client) -> None:
    for id in (str(uuid4()), "none", "../measures"):
        refused(reader, f"/scorecard?release={id}", 404, NOT_HERE)
        for kind in ("csv", "json", "svg", "html"):
            path = f"/scorecard/figures.{kind}?release={id}&measure=response_rate&by=none"
            refused(reader, path, 404, NOT_HERE)


INSTEAD = '<section class="notice" id="instead"'


def test_that_a_release_is_not_there_to_compare_with_is_said(reader: httpx.Client) -> None:
    assert INSTEAD not in reader.get("/scorecard").text
    page = reader.get(f"/scorecard?compare={uuid4()}")
    assert (page.status_code, Reading(page.text).wrong) == (200, [])
    assert "The release to compare with is not here. Here it is compared with 2026-Q2.1." in page.text


def test_that_a_release_was_withdrawn_and_is_not_compared_with_is_said(house: House, reader: httpx.Client) -> None:
    newest, gone = house.twin.releases
    assert INSTEAD not in reader.get(f"/scorecard?compare={gone['release']}").text
    gone["state"] = "withdrawn"
    said = "2026-Q2.1 was withdrawn: nothing is compared with it."
    page = reader.get(f"/scorecard?compare={gone['release']}").text
    assert f"{said} There is no release of an earlier time to compare with." in page
    house.twin.releases = [newest, gone, release("2026-Q1.1", house.twin)]
    assert f"{said} Here it is compared with 2026-Q1.1." in reader.get(f"/scorecard?compare={gone['release']}").text
    itself = reader.get(f"/scorecard?release={newest['release']}&compare={newest['release']}").text
    assert "A release is not compared with itself. Here it is compared with 2026-Q1.1." in itself


def test_that_a_release_lacks_the_grouping_asked_for_is_said(house: House, reader: httpx.Client) -> None:
    for by in ("language", "none", ""):
        assert INSTEAD not in reader.get(f"/scorecard?by={by}").text
    views = house.twin.releases[0]["views"]
    house.twin.releases[0]["views"] = [each for each in views if each["by"] in {"none", "language"}]
    said = "This release has nothing by “Who pays for care”."
    assert f"{said} Here it is by “Language”." in reader.get("/scorecard?by=payer").text
    house.twin.releases[0]["views"] = [each for each in views if each["by"] == "none"]
    assert f"{said} Here are all together." in reader.get("/scorecard?by=payer").text
    reader.get("/language/es", follow_redirects=True)
    page = reader.get(f"/scorecard?by=payer&compare={uuid4()}").text
    assert "Esta publicación no tiene nada según «Quién paga la atención»." in page
    assert "La publicación con la que comparar no está aquí." in page


def test_that_a_measure_is_on_another_groups_scorecard_is_said(house: House, reader: httpx.Client) -> None:
    for measure in ("response_rate", ""):
        assert INSTEAD not in reader.get(f"/scorecard?measure={measure}").text
    page = reader.get("/scorecard?measure=warm_share").text
    assert "“Handoffs with a warm introduction” is not on the scorecard of Shared Measures." in page
    reader.get("/language/es", follow_redirects=True)
    assert "no está en el tablero de Shared Measures." in reader.get("/scorecard?measure=warm_share").text
    with house.visitor("bea-backbone-example") as backbone:
        page = backbone.get("/scorecard?measure=warm_share").text
        assert (INSTEAD in page, "group=coordination" in page) == (False, True), "she reads each group's: one has it"
        assert INSTEAD in backbone.get("/scorecard?measure=warm_share&group=shared-measures").text


def test_who_has_no_clients_is_not_sent_to_them(house: House, reader: httpx.Client) -> None:
    page = reader.get("/about/initiatives/nope").text
    assert "Choose what you looked for from the menu." in page
    assert "Find her again" not in page
    with house.visitor("sam-specimen") as staff:
        assert "Find her again under Clients." in staff.get("/about/initiatives/nope").text


def test_the_scorecard_of_another_working_group_is_not_there(reader: httpx.Client) -> None:
    refused(reader, "/scorecard?group=parents-council", 404, NOT_HERE)
    refused(reader, "/scorecard?group=backbone", 404, NOT_HERE)


def test_a_view_that_is_not_in_the_catalogue(house: House, reader: httpx.Client) -> None:
    heading, id = "This release has no such table", house.twin.releases[0]["release"]
    refused(reader, "/scorecard?by=agency", 422, heading)
    for kind in ("csv", "json", "svg", "html"):
        refused(reader, f"/scorecard/figures.{kind}?release={id}&measure=response_rate&by=agency", 422, heading)
        refused(reader, f"/scorecard/figures.{kind}?release={id}&measure=clients_reached&by=category", 422, heading)


def test_a_page_that_is_not_there_is_not_shown_as_another(reader: httpx.Client) -> None:
    assert reader.get("/scorecard?page=1").status_code == 200
    for page in ("2", "99", "0", "-1", "01", "abc"):
        refused(reader, f"/scorecard?page={page}", 404, NOT_HERE)


def test_an_unknown_measure(house: House, reader: httpx.Client) -> None:
    id = house.twin.releases[0]["release"]
    for kind in ("csv", "json", "svg", "html"):
        path = f"/scorecard/figures.{kind}?release={id}&measure=happiness&by=none"
        refused(reader, path, 422, "There is no measure of that name")
    refused(reader, "/scorecard?measure=happiness", 422, "There is no measure of that name")


@pytest.mark.parametrize(
    ("status", "slug", "heading"),
    [
        (409, "period-not-closed", "That time is not over yet"),
        (409, "window-longer-than-data", "The data do not reach back that far"),
        (409, "period-before-data", "That time was over before the data begin"),
        (422, "cutoff-in-the-future", "That moment lies ahead"),
        (422, "period-unknown", "Figures are not released over that time"),
        (422, "view-not-in-catalogue", "This release has no such table"),
        (422, "measure-unknown", "There is no measure of that name"),
        (503, "figures-behind", "The figures are a little behind"),
    ],
)
def test_a_release_that_cannot_be_built(house: House, status: int, slug: str, heading: str) -> None:
    house.twin.buildable = [COMING[0]]
    house.twin.releases = [release("2026-Q3.1", house.twin)]
    with house.visitor("bea-backbone-example") as backbone:
        form = hidden(backbone.get("/releases"), "/releases")
        house.twin.breaks["build_release"] = lambda: problem(status, slug, detail="never shown")
        page = backbone.post("/releases", data={**form, "period": "2026-Q4"})
    assert (page.status_code, Reading(page.text).headings, Reading(page.text).wrong) == (status, [heading], [])
    assert "Nothing was saved." in page.text
    assert "never shown" not in page.text
    assert len(house.twin.releases) == 1
