"""Working groups and the backbone read targets with every baseline, and figures of the population as printed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
import pytest_asyncio

from services.measures import main
from services.measures.settings import MeasuresSettings
from tests.fix_servers import Databases
from tests.measures.api.app import answering
from tests.measures.api.test_api import document
from tests.measures.conftest import INITIATIVES, LARGE, SMALL

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def settings(database_maker: Callable[[], Databases]) -> MeasuresSettings:
    """A database with what was printed for both initiatives, and the practice figures of one."""
    databases = database_maker()
    environ = {
        "CLOSEKNIT_ENVIRONMENT": "development",
        "CLOSEKNIT_MEASURES_DSN": databases.dsn("measures"),
        "CLOSEKNIT_INITIATIVES": str(INITIATIVES),
    }
    for initiative, name in ((LARGE, "population"), (LARGE, "practice-population"), (SMALL, "population")):
        main.import_population(initiative, INITIATIVES / initiative / f"{name}.csv", environ=environ)
    return MeasuresSettings.from_env(environ)


@pytest_asyncio.fixture
async def api(settings: MeasuresSettings) -> AsyncIterator[httpx.AsyncClient]:
    async with answering(settings) as client:
        client.headers["authorization"] = f"Bearer working_group@{LARGE}"
        yield client


async def test_fresnos_target_from_both_baselines(api: httpx.AsyncClient) -> None:
    found = await document(api, "/v1/targets")
    assert found["next"] is None
    [target] = found["items"]
    assert (target["by_year"], target["percent"], target["reduction_percent"], target["measure"]) == (
        2025,
        7.0,
        37.0,
        "preterm_birth",
    )
    assert set(target["statement"]) == {"en", "es"}
    assert [(each["name"], each["percent"], bool(each["source"])) for each in target["baselines"]] == [
        ("announced-2016", 11.1, True),
        ("looking-back-2019", 10.3, True),
    ]
    windows = [(each["baseline"], each["window"]["since"], each["window"]["until"]) for each in target["progress"]]
    assert windows == [
        (name, since, since + 2) for name in ("announced-2016", "looking-back-2019") for since in (2017, 2020, 2023)
    ]


async def test_what_remains_follows_from_the_figures_that_were_imported(api: httpx.AsyncClient) -> None:
    """The last window adds up the practice figures of 2023 to 2025; what remains is said with its interval."""
    [target] = (await document(api, "/v1/targets"))["items"]
    figures = (await document(api, "/v1/population-figures"))["items"]
    own = [
        each
        for each in figures
        if each["counted"]["measure"] == "preterm_birth" and each["group"] == "all" and (each["since"] or 0) >= 2023
    ]
    numerator, denominator = (sum(each[name] for each in own) for name in ("numerator", "denominator"))
    found = next(
        each for each in target["progress"] if each["window"]["since"] == 2023 and each["start_percent"] == 10.3
    )
    window, percent = found["window"], 100 * numerator / denominator
    assert (window["numerator"], window["denominator"], window["practice"]) == (numerator, denominator, True)
    assert window["rate"]["percent"] == round(percent, 2)
    assert window["rate"]["low"] < window["rate"]["percent"] < window["rate"]["high"]
    level, reduction = found["remains"]
    assert (level["said_as"], level["percent"], level["reduction_percent"]) == ("level", 7.0, 32.0)
    assert (reduction["said_as"], reduction["percent"], reduction["reduction_percent"]) == ("reduction", 6.49, 37.0)
    assert level["points"]["value"] == round(percent - 7, 2)
    assert level["births"]["value"] == round(numerator - 0.07 * denominator)
    assert found["reduced_percent"]["value"] == round(100 * (10.3 - percent) / 10.3, 1)
    for between in (level["points"], level["births"], level["way_percent"], found["reduced_percent"]):
        assert between["low"] < between["value"] < between["high"]


async def test_a_target_without_counts_keeps_its_baselines_and_says_no_progress(api: httpx.AsyncClient) -> None:
    [target] = (await document(api, "/v1/targets", authorization=f"Bearer backbone@{SMALL}"))["items"]
    assert [(each["percent"], each["percent_to"], each["group"]) for each in target["baselines"]] == [
        (14.0, 16.0, "african_american"),
        (10.0, 11.0, "pacific_islander"),
        (7.3, None, "white"),
    ]
    assert (target["progress"], target["disparity_ratios"]) == ([], [])
    assert target["gaps"] == []


async def test_figures_as_printed_and_as_recomputed(api: httpx.AsyncClient) -> None:
    found = (await document(api, "/v1/population-figures"))["items"]
    printed = {(each["printed"], each["recomputed"], each["difference"]) for each in found if not each["practice"]}
    assert printed == {("11.1", None, None), ("10.3", None, None), ("12", None, None), ("7.3", None, None)}
    [differs] = [each for each in found if each["difference"]]
    assert (differs["printed"], differs["recomputed"], differs["difference"]) == ("9.7", "10.1", "+0.4")
    assert all(each["source"] and each["version"] == 1 for each in found)


async def test_g26_every_figure_says_that_it_is_of_the_population(api: httpx.AsyncClient) -> None:
    """No shape of a programme's figures has this word, and no shape here lacks it."""
    figures = (await document(api, "/v1/population-figures"))["items"]
    [target] = (await document(api, "/v1/targets"))["items"]
    said = [each["counted"]["origin"] for each in [*figures, *(one["window"] for one in target["progress"])]]
    assert set(said) == {"population"}
    described: dict[str, Any] = (await api.get("/openapi.json")).json()["components"]["schemas"]
    assert "origin" not in described["FigureRow"]["properties"]
    assert {name for name, each in described.items() if "counted" in each.get("properties", {})} == {
        "DisparityRatioShown",
        "GapsShown",
        "PopulationFigureShown",
        "WindowShown",
    }


async def test_gaps_against_the_chosen_group_and_what_of_them_has_closed(api: httpx.AsyncClient) -> None:
    """Practice births: the Black group's gap to the white group's in 2017 to 2019 and in 2023 to 2025."""
    figures = (await document(api, "/v1/population-figures"))["items"]

    def rate(group: str, since: int) -> float:
        own = [each for each in figures if each["group"] == group and since <= (each["since"] or 0) < since + 3]
        return float(sum(each["numerator"] for each in own) / sum(each["denominator"] for each in own))

    first, last = (rate("african_american", since) - rate("white", since) for since in (2017, 2023))
    [target] = (await document(api, "/v1/targets"))["items"]
    assert [(each["since"], each["gaps"]["reference"]) for each in target["gaps"]] == [
        (since, "white") for since in (2017, 2020, 2023)
    ]
    found = target["gaps"][-1]
    widest = found["gaps"]["groups"][0]
    assert (widest["label"], widest["difference"]["value"]) == ("african_american", round(100 * last, 1))
    assert found["closed_percent"]["african_american"] == round(100 * (1 - last / first), 1)
    assert set(target["gaps"][0]["closed_percent"].values()) == {0.0}
    assert found["counted"]["origin"] == "population"


async def test_march_of_dimes_ratio_under_its_own_name(api: httpx.AsyncClient) -> None:
    """Practice births of 2020 to 2025, three groups: the other two's mean over the white group's, of 2023 to 2025."""
    figures = (await document(api, "/v1/population-figures"))["items"]
    rates = dict[str, float]()
    for group in ("african_american", "hispanic", "white"):
        own = [each for each in figures if each["group"] == group and (each["since"] or 0) >= 2023]
        rates[group] = sum(each["numerator"] for each in own) / sum(each["denominator"] for each in own)
    [target] = (await document(api, "/v1/targets"))["items"]
    [found] = target["disparity_ratios"]
    assert found["ratio"] == round((rates["african_american"] + rates["hispanic"]) / 2 / rates["white"], 2)
    assert (found["compared_with"], found["chosen_since"], found["since"], found["until"]) == (
        "white",
        2020,
        2023,
        2025,
    )
    assert (found["by"], found["counted"]["origin"], found["too_small"]) == ("cdph8_exclusive", "population", [])
    assert (found["before"] > 1, found["changed"]) == (True, False)


async def test_only_of_the_callers_initiative(api: httpx.AsyncClient) -> None:
    found = (await document(api, "/v1/population-figures", authorization=f"Bearer working_group@{SMALL}"))["items"]
    assert {each["counted"]["publisher"] for each in found} == {"expecting-justice", "hellman-foundation"}
    await document(api, "/v1/targets", 404, authorization="Bearer backbone@atlantis")


async def test_pages(api: httpx.AsyncClient) -> None:
    address, seen = "/v1/population-figures?limit=20", list[dict[str, Any]]()
    while address:
        part = await document(api, address)
        assert len(part["items"]) <= 20
        seen += part["items"]
        address = part["next"]
    assert seen == (await document(api, "/v1/population-figures?limit=200"))["items"]
    assert len(seen) > 20
    for path in ("/v1/targets?limit=0", "/v1/targets?cursor=nonsense", "/v1/population-figures?measure=x"):
        await document(api, path, 422)
