"""Figures of a population are added once, corrected only when told, kept as they were, and said where they differ."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege, IntegrityConstraintViolation
from typer.testing import CliRunner, Result

from deploy.closeknit.main import app
from services.measures import main
from services.measures.application.looking import UnknownInitiative
from services.measures.application.population import STANDS, TWICE, Imported
from services.measures.application.population_file import BadFile
from services.measures.domain.population import PopulationFigure
from services.measures.store import population
from tests.fix_servers import Databases
from tests.measures.application.test_population_file import GOOD, written
from tests.measures.conftest import INITIATIVES, LARGE, SMALL

pytestmark = pytest.mark.servers

Importing = Callable[..., Imported]


@pytest.fixture
def environ(databases: Databases) -> Mapping[str, str]:
    return {
        "CLOSEKNIT_ENVIRONMENT": "development",
        "CLOSEKNIT_MEASURES_DSN": databases.dsn("measures"),
        "CLOSEKNIT_INITIATIVES": str(INITIATIVES),
    }


@pytest.fixture
def bring(environ: Mapping[str, str], tmp_path: Path) -> Importing:
    def bring(*rows: Mapping[str, str], initiative: str = LARGE, correct: bool = False) -> Imported:
        path = written(tmp_path, *({**GOOD, **row} for row in rows))
        return main.import_population(initiative, path, correct=correct, environ=environ)

    return bring


def stored(environ: Mapping[str, str], initiative: str = LARGE) -> list[PopulationFigure]:
    with psycopg.connect(environ["CLOSEKNIT_MEASURES_DSN"]) as connection:
        return population.figures(connection, initiative)


def test_a_second_time_adds_nothing(bring: Importing, environ: Mapping[str, str]) -> None:
    rows = [{}, {"group": "hispanic"}, {"period": ""}]
    assert (bring(*rows).added, bring(*rows).added, bring(*rows).there_already) == (3, 0, 3)
    found = stored(environ)
    assert [(each.group, each.since, each.printed) for each in found] == [
        ("white", 2019, "11.1"),
        ("hispanic", 2019, "11.1"),
        ("white", None, "11.1"),
    ]
    assert found[0].source == GOOD["source"]
    assert stored(environ, SMALL) == []


def test_what_says_otherwise_is_refused_and_what_stands_stands(bring: Importing, environ: Mapping[str, str]) -> None:
    bring({})
    done = bring({"printed": "11.4"}, {"group": "hispanic"})
    assert [(row.line, row.reason) for row in done.refused] == [(2, STANDS)]
    assert (done.added, [each.printed for each in stored(environ)]) == (1, ["11.1", "11.1"])


def test_a_correction_is_the_next_version_beside_the_first(bring: Importing, environ: Mapping[str, str]) -> None:
    bring({})
    assert bring({"numerator": "1,120", "printed": "11.2"}, correct=True).corrected == 1
    [found] = stored(environ)
    assert (found.version, found.numerator, found.printed) == (2, 1_120, "11.2")
    with psycopg.connect(environ["CLOSEKNIT_MEASURES_DSN"]) as connection:
        rows = connection.execute("SELECT version, printed FROM population_figures ORDER BY version").fetchall()
    assert rows == [(1, "11.1"), (2, "11.2")]
    assert bring({"numerator": "1,120", "printed": "11.2"}).there_already == 1


def test_another_source_or_way_of_counting_is_another_figure(bring: Importing, environ: Mapping[str, str]) -> None:
    done = bring({}, {"source": "Table 9, revised (invented)"}, {"basis": "last_menstrual_period", "weeks": ""})
    assert (done.added, len(stored(environ))) == (3, 3)


def test_a_file_that_contradicts_itself(bring: Importing) -> None:
    done = bring({}, {}, {"printed": "11.4"}, correct=True)
    assert (done.added, done.there_already, [(row.line, row.reason) for row in done.refused]) == (1, 1, [(4, TWICE)])


def test_a_printed_figure_that_does_not_follow_is_kept_and_said(bring: Importing, environ: Mapping[str, str]) -> None:
    done = bring({"printed": "11.9"}, {"group": "hispanic"})
    [differs] = done.differs
    assert (differs.line, differs.printed, differs.recomputed, differs.difference) == (2, "11.9", "11.1", "-0.8")
    assert "line 2: printed 11.9, but its own counts give 11.1 (-0.8): both are shown" in done.sentences()
    assert [each.printed for each in stored(environ)] == ["11.9", "11.1"]


def test_nothing_of_it_is_changed_or_deleted(bring: Importing, environ: Mapping[str, str]) -> None:
    bring({})
    for query in ("UPDATE population_figures SET printed = '9'", "DELETE FROM population_figures"):
        with psycopg.connect(environ["CLOSEKNIT_MEASURES_DSN"]) as connection, pytest.raises(InsufficientPrivilege):
            connection.execute(query.encode())


def test_not_even_by_the_owner(bring: Importing, databases: Databases) -> None:
    bring({})
    owner = psycopg.connect(databases.dsn("measures", "closeknit_owner"))
    with owner, pytest.raises(IntegrityConstraintViolation, match="stays as it was imported"):
        owner.execute("UPDATE population_figures SET printed = '9'")


def test_no_such_initiative_or_file(environ: Mapping[str, str], tmp_path: Path) -> None:
    with pytest.raises(UnknownInitiative):
        main.import_population("atlantis", written(tmp_path, GOOD), environ=environ)
    with pytest.raises(BadFile):
        main.import_population(LARGE, tmp_path / "none.csv", environ=environ)


@pytest.mark.parametrize("initiative", [LARGE, SMALL])
def test_what_lies_in_its_folder_comes_in_whole(environ: Mapping[str, str], initiative: str) -> None:
    for name in ("population.csv", "practice-population.csv"):
        done = main.import_population(initiative, INITIATIVES / initiative / name, environ=environ)
        assert (done.added > 0, done.refused) == (True, ())


class TestCommand:
    """`closeknit import population`."""

    @pytest.fixture
    def run(self, environ: Mapping[str, str]) -> Callable[..., Result]:
        return lambda *arguments: CliRunner().invoke(app, ["import", "population", *arguments], env=dict(environ))

    def test_it_says_what_it_did_and_fails_where_rows_are_refused(
        self, run: Callable[..., Result], tmp_path: Path
    ) -> None:
        path = str(written(tmp_path, {**GOOD, "printed": "11.9"}, {**GOOD, "numerator": "7", "printed": "0.1"}))
        said = run(path, "--initiative", LARGE)
        assert (said.exit_code, said.output.splitlines()) == (
            1,
            [
                "1 figures added, 0 corrected, 0 were there already",
                "line 2: printed 11.9, but its own counts give 11.1 (-0.8): both are shown",
                "line 3 refused: a count of it is from 1 to 10: too few to show to anyone (rule R24)",
            ],
        )
        facts = json.loads(run(path, "--initiative", LARGE, "--json").output)
        assert (facts["added"], facts["there_already"], facts["refused"][0]["line"]) == (0, 1, 3)

    def test_what_cannot_be_asked(self, run: Callable[..., Result], tmp_path: Path) -> None:
        path = str(written(tmp_path, GOOD))
        assert (run(path, "--initiative", "atlantis").exit_code, run("none.csv", "--initiative", LARGE).exit_code) == (
            2,
            2,
        )
        assert run(path, "--initiative", LARGE).exit_code == 0
