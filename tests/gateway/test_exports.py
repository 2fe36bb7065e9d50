"""What is taken along of a release: a table, a picture, and a page of its own that loads nothing."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser

from services.gateway import pages
from tests.gateway.house import House
from tests.gateway.reading import Reading
from tests.gateway.upstream_figures import release

STATIC = Path(pages.__file__).parent / "static"
LOADS = re.compile(r"(?i)<(script|img|link|iframe|object)\b|\burl\(|@import|\bsrc=")


@pytest.fixture
def reader(house: House) -> Iterator[httpx.Client]:
    house.twin.releases = [release("2026-Q3.1", house.twin), release("2026-Q2.1", house.twin)]
    with house.visitor("greta-example") as visitor:
        yield visitor


def address(reader: httpx.Client, kind: str) -> str:
    return next(each for each in Reading(reader.get("/scorecard").text).addresses if f"figures.{kind}" in each)


def test_tables_are_the_apis_own(reader: httpx.Client) -> None:
    csv = reader.get(address(reader, "csv"))
    assert csv.headers["content-type"].startswith("text/csv")
    assert csv.text == "release,measure\nin,en\n"
    reader.get("/language/es")
    assert reader.get(address(reader, "csv")).text.endswith("in,es\n"), "in the language of the page"
    reader.get("/language/en")
    document = reader.get(address(reader, "json"))
    asked = parse_qs(urlsplit(address(reader, "json")).query)
    assert document.json()["measure"]["measure"] == asked["measure"][0]
    assert 'filename="2026-Q3.1-response_rate-by-spd15_aoic.json"' in document.headers["content-disposition"]


def test_a_picture_stands_by_itself(reader: httpx.Client) -> None:
    svg = reader.get(address(reader, "svg"))
    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert svg.text.lstrip().startswith("<svg")
    assert "<style>" in svg.text
    assert "16 points behind" in svg.text
    assert re.search(r">Release 2026-Q3\.1\. Frozen\. Data up to \d+ \w+ \d{4}\.</text>", svg.text)
    assert "Dot: this release. Ring: the release compared with.</text>" in svg.text
    for said in ("Answered within 14 days", "Release 2026-Q3.1", "Practice data"):
        assert said in svg.text
    assert LOADS.search(svg.text) is None


def test_a_picture_of_all_together_has_no_groups(reader: httpx.Client) -> None:
    of_groups = address(reader, "svg")
    assert "Black or African American" in reader.get(of_groups).text
    of_all = reader.get(of_groups.replace("by=spd15_aoic", "by=none"))
    assert of_all.status_code == 200
    assert "Black or African American" not in of_all.text


@pytest.mark.slow
def test_a_picture_is_had_as_png(reader: httpx.Client) -> None:
    png = reader.get(address(reader, "png"))
    assert png.headers["content-type"] == "image/png"
    assert png.content.startswith(b"\x89PNG")
    assert int.from_bytes(png.content[16:20]) >= 760, "twice its own width"


def test_a_page_of_its_own_is_in_both_languages_and_loads_nothing(reader: httpx.Client) -> None:
    page = reader.get(address(reader, "html"))
    assert "attachment" in page.headers["content-disposition"]
    assert LOADS.search(page.text) is None
    assert Reading(page.text).wrong == ["inline style"], "its own, for it loads none"
    assert "for Black or African American clients, 68" in page.text
    assert "en el grupo" in page.text
    assert page.text.count('<section class="measure"') == 2
    assert "ab" * 32 in page.text, "its seal"
    assert "From 1 July 2026 to 30 September 2026." in page.text
    assert "Practice data. Nobody on these pages is real." in page.text


def test_that_it_loads_something_would_be_seen() -> None:
    for odd in ("<script>", '<img src="x">', "background: url(x)", '<link rel="stylesheet">', "@import 'x'"):
        assert LOADS.search(odd), odd


@pytest.mark.parametrize("kind", ["csv", "svg", "png", "html", "exe"])
def test_what_is_not_there_is_not_found(reader: httpx.Client, kind: str) -> None:
    assert reader.get(f"/scorecard/figures.{kind}?release=../x&measure=y").status_code == 404


@pytest.mark.slow
def test_a_mix_of_nine_by_group_is_no_wider_than_its_page(browser: Browser) -> None:
    styles = "".join((STATIC / f"{name}.css").read_text() for name in ("closeknit", "pages"))
    heads = "".join(f'<th scope="col" class="num">Whoever was asked took {number} back</th>' for number in range(9))
    table = f'<table class="reflow tight other"><thead><tr>{heads}</tr></thead></table>'
    page = browser.new_page(viewport={"width": 1024, "height": 640})
    page.set_content(f"<style>{styles}</style><main>{table}</main>")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1024
    assert 'class="reflow tight other"' in (STATIC.parent / "templates" / "measure-parts.html").read_text()
    page.close()


@pytest.mark.slow
def test_it_is_read_without_a_network(reader: httpx.Client, browser: Browser) -> None:
    text = reader.get(address(reader, "html")).text
    context = browser.new_context(offline=True, viewport={"width": 320, "height": 640})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(text)
    assert page.locator("svg.plot").first.is_visible()
    assert asked == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()
