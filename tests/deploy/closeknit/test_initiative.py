"""`closeknit initiative`: what is wrong is said by file and field, a new county passes, a difference is readable."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from deploy.closeknit.main import app
from tests.contracts.initiative.test_initiatives import ROOT, change

FRESNO, SAN_FRANCISCO = "fresno-ptbi", "expecting-justice-sf"
WRONG, USAGE = 1, 2


def initiative(*arguments: str | Path, root: Path = ROOT) -> Result:
    environ = {"CLOSEKNIT_INITIATIVES": str(root), "COLUMNS": "300", "NO_COLOR": "1"}
    return CliRunner().invoke(app, ["initiative", *map(str, arguments)], env=environ)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the initiatives that a test may spoil."""
    return Path(shutil.copytree(ROOT, tmp_path / "initiatives"))


class TestCheck:
    def test_ours_are_sound(self) -> None:
        done = initiative("check")
        assert done.exit_code == 0, done.output
        assert [line.partition(":")[0] for line in done.stdout.splitlines()] == [SAN_FRANCISCO, FRESNO]

    def test_one_is_named_by_its_folder(self, tmp_path: Path) -> None:
        done = initiative("check", ROOT / FRESNO, "--json", root=tmp_path)
        (found,) = json.loads(done.stdout)
        assert (found["initiative"], found["working_groups"], found["languages"]) == (FRESNO, 5, ["en", "es"])

    @pytest.mark.parametrize(
        ("file", "old", "new", "says"),
        [
            ("initiative.toml", 'place = "', 'county = "x"\nplace = "', "initiative.toml: county: no such key"),
            ("initiative.toml", "percent = 11.1", "percent = 111", "initiative.toml: targets.0.baselines.0.percent: "),
            ("initiative.toml", 'es = "miembros', 'fr = "membres', "counts.steering_committee.what: no words in es"),
            ("initiative.toml", 'en = "delegates", ', "", "initiative.toml: counts.delegates.what: no words in en"),
            ("initiative.toml", 'default = "quarter"', 'default = "decade"', "initiative.toml: releases.default: "),
            ("initiative.toml", 'principle = "trust"', 'principle = "data"', "principles: principle data is there"),
            ("initiative.toml", '["coordination"]', '["nobody"]', "agenda: coordination-of-care: no such working"),
            ("initiative.toml", "[backbone]\nname = ", '[backbone]\nchair = ""\nname = ', "backbone.chair: no such"),
            ("initiative.toml", 'measures = ["cl', 'measures = ["happiness", "cl', "there is no measure happiness"),
            ("initiative.toml", "[reference_groups]", '[reference_groups]\nzip_group = "moon"', "no such ZIP group"),
            ("agencies.toml", 'name = "Example Clinic North"\n', "", "agencies.toml: agencies.0.name: is missing"),
            ("agencies.toml", "[[agencies]]", "[phone]\n[[agencies]]", "agencies.toml: phone: no such key"),
            ("agencies.toml", "[[agencies]]", "[week]\n[[agencies]]", "agencies.toml: week: initiative.toml says it a"),
            ("practice.toml", "[[practice]]", "[outreach]\n[[practice]]", "practice.toml: outreach: initiative.t"),
            ("working_groups.toml", '["clients_reached", "re', '["joy", "re', "preconception-health.measures: there"),
            ("working_groups.toml", 'measure = "response_rate"', 'measure = "agency_changes"', "working_groups.4"),
            ("practice.toml", "[[practice]]", "[[practice", "practice.toml: "),
        ],
    )
    def test_what_is_wrong_is_said_by_file_and_field(
        self, copy: Path, file: str, old: str, new: str, says: str
    ) -> None:
        change(copy / FRESNO / file, old, new)
        done = initiative("check", root=copy)
        assert done.exit_code == WRONG
        (line, _) = done.stderr.splitlines()
        assert line.startswith(f"{FRESNO}/{file}: ")
        assert says in line
        assert done.stdout.startswith(SAN_FRANCISCO), "the other is looked at too"

    def test_a_key_in_another_file_than_its_own_is_sent_there(self, copy: Path) -> None:
        practice = copy / FRESNO / "practice.toml"
        (copy / FRESNO / "agencies.toml").write_text(
            (copy / FRESNO / "agencies.toml").read_text() + practice.read_text().partition("\n")[2]
        )
        practice.unlink()
        done = initiative("check", root=copy)
        assert f"{FRESNO}/agencies.toml: practice: stands in practice.toml" in done.stderr

    def test_everything_that_is_wrong_is_said_at_once(self, copy: Path) -> None:
        change(copy / FRESNO / "initiative.toml", "percent = 11.1", "percent = 0")
        change(copy / FRESNO / "agencies.toml", 'type = "clinic"', 'kind = "clinic"')
        change(copy / SAN_FRANCISCO / "working_groups.toml", "measures = [", "measures = [0, ")
        done = initiative("check", root=copy)
        assert len(done.stderr.splitlines()) == 5, done.stderr

    def test_one_agency_in_two_initiatives_is_seen(self, copy: Path) -> None:
        change(copy / SAN_FRANCISCO / "agencies.toml", '"example-bay-clinic"', '"example-clinic-north"')
        change(copy / SAN_FRANCISCO / "practice.toml", '"example-bay-clinic"', '"example-clinic-north"')
        done = initiative("check", root=copy)
        assert (done.exit_code, "agency example-clinic-north is there twice" in done.stderr) == (WRONG, True)

    def test_a_folder_that_is_none_or_holds_none_is_said_so(self, tmp_path: Path) -> None:
        assert initiative("check", tmp_path / "nowhere").exit_code == USAGE
        empty = initiative("check", tmp_path)
        assert (empty.exit_code, "holds no initiative" in empty.stderr) == (WRONG, True)
