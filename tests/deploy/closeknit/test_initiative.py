"""`closeknit initiative`: what is wrong is said by file and field, a new county passes, a difference is readable."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from contracts.initiative import load_initiatives
from contracts.vocabulary import Principle
from deploy.closeknit.initiative_check import unstated
from deploy.closeknit.main import app
from services.measures.definitions import EVERY, find
from tests.contracts.initiative.test_initiatives import INVENTED, ROOT, change

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
            ("initiative.toml", "zip_group = ", 'zip_group = "moon" #', "no such ZIP group"),
            (
                "initiative.toml",
                "[reference_groups]",
                '[reference_groups]\nrace = "white"',
                "race is no breakdown with",
            ),
            ("initiative.toml", "age = ", 'age = "not_known" #', "no group not_known"),
            (
                "initiative.toml",
                '8_exclusive = "white"',
                '8_exclusive = "unknown"',
                "ups.cdph8_exclusive: there is no group",
            ),
            (
                "initiative.toml",
                "[reference_groups]",
                "[reference_groups_of.joy_v1]\n[reference_groups]",
                "reference_groups_of: there is no definition joy_v1",
            ),
            (
                "initiative.toml",
                "[reference_groups]",
                "[reference_groups_of.response_rate_v2]\n[reference_groups]",
                "there is no definition response_rate_v2",
            ),
            (
                "initiative.toml",
                "[reference_groups]",
                "[reference_groups_of.response_rate]\n[reference_groups]",
                "reference_groups_of.response_rate.[key]: String should match",
            ),
            (
                "initiative.toml",
                "[reference_groups]",
                '[reference_groups_of.response_rate_v1]\nage = "old"\n[reference_groups]',
                "reference_groups_of.response_rate_v1.age: there is no group old",
            ),
            ("agencies.toml", 'name = "Example Clinic North"\n', "", "agencies.toml: agencies.0.name: is missing"),
            ("agencies.toml", "[[agencies]]", "[phone]\n[[agencies]]", "agencies.toml: phone: no such key"),
            ("agencies.toml", "[[agencies]]", "[week]\n[[agencies]]", "agencies.toml: week: initiative.toml says it a"),
            ("practice.toml", "[[practice]]", "[outreach]\n[[practice]]", "practice.toml: outreach: initiative.t"),
            ("working_groups.toml", '"first_trimester_hedis"', '"joy"', "preconception-health.measures: there"),
            ("working_groups.toml", 'measure = "need_met"', 'measure = "agency_changes"', "working_groups.4"),
            ("practice.toml", "[[practice]]", "[[practice", "practice.toml: "),
            (
                "initiative.toml",
                '"announced-2016"',
                '"announced-2016"\ngroup = "moon"',
                "-2016: there is no group moon",
            ),
            ("initiative.toml", '"announced-2016"', '"announced-2016"\nby = "moon"', "-2016: there is no group all"),
            ("initiative.toml", 'name = "', 'name = "two\\nlines', "initiative.toml: name: must be one line"),
            ("working_groups.toml", 'name = "', 'name = "\\u0007', "working_groups.0.name: must be one line"),
            ("agencies.toml", 'name = "', 'name = "\\r', "agencies: example-clinic-north: name: must be one line"),
            ("practice.toml", '\nname = "', '\nname = "\\t', "practice.0.name: must be one line"),
            ("population.csv", ",11.1,", ",about 11,", "line 2: what is printed is no figure"),
            ("initiative.toml", "month = 7, day = 4", "month = 2, day = 31", ": month 2 has no day 31"),
            (
                "working_groups.toml",
                '"first_trimester_hedis"',
                '"first_trimester_hedis", "first_trimester_hedis"',
                ".measures: measure first_trimester_hedis is there twice",
            ),
            (
                "working_groups.toml",
                'measure = "handoff_completion"',
                'measure = "days_until_recorded"',
                "shared-measures.aims: days_until_recorded is no share of 100",
            ),
            (
                "initiative.toml",
                "three_years_from = 2023",
                "three_years_from = 2024",
                "releases.three_years_from: no window from 2024 on ends with a year of targets: 2025",
            ),
            ("initiative.toml", "by_year = 2025", 'by_year = 2025\nmeasure = "joy"', "targets.0.measure: nobody"),
            ("population.csv", ",african_american,", ",martian,", "line 4: there is no group martian by cdph8_excl"),
            ("population.csv", "preterm_birth,fresno-s", "no_measure,fresno-s", "line 2: the measure is one of pret"),
            ("population.csv", ",,,11.1,", ",0,0,0,", "line 2: its denominator is 0: there is no one to count"),
            ("population.csv", "measure,", "sum,", "the column 'measure' is missing"),
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

    def test_what_is_wrong_is_said_to_a_program_too(self, copy: Path) -> None:
        change(copy / FRESNO / "initiative.toml", "percent = 11.1", "percent = 0")
        done = initiative("check", "--json", root=copy)
        assert done.exit_code == WRONG
        sound, wrong = json.loads(done.stdout)
        assert sound["initiative"] == SAN_FRANCISCO
        assert wrong["file"] == f"{FRESNO}/initiative.toml"
        assert wrong["wrong"].startswith("targets.0.baselines.0.percent: ")
        (copy / FRESNO / "agencies.toml").unlink()
        done = initiative("check", copy / FRESNO, "--json", root=copy)
        assert json.loads(done.stdout) == [{"file": f"{FRESNO}/agencies.toml", "wrong": "is missing"}]
        assert done.stderr == "1 wrong\n"

    def test_a_new_version_says_with_whom_groups_are_compared(self) -> None:
        here = load_initiatives(ROOT)[FRESNO]
        second = replace(find("response_rate"), version=2)
        assert list(unstated(here, EVERY)) == []
        assert [line.rpartition(": ")[0].rpartition(": ")[2] for line in unstated(here, [*EVERY, second])] == [
            "response_rate_v2 is a new version"
        ]
        named = here.model_copy(update={"reference_groups_of": {"response_rate_v2": {}}})
        assert list(unstated(named, [*EVERY, second])) == []
        silent = here.model_copy(update={"reference_groups": {}})
        assert list(unstated(silent, [*EVERY, second])) == [], "where nobody is compared, there is nothing to say"

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

    def test_r6_a_sensitive_measure_needs_the_restricted_topic(self, copy: Path) -> None:
        change(copy / SAN_FRANCISCO / "initiative.toml", "restricted_topic = true", "restricted_topic = false")
        done = initiative("check", root=copy)
        (first, *_, last) = done.stderr.splitlines()
        assert done.exit_code == WRONG
        assert first.startswith(f"{SAN_FRANCISCO}/working_groups.toml: expecting-justice-measures.measures: ")
        assert first.endswith(" is counted only where restricted_topic is true")
        assert last == f"{len(done.stderr.splitlines()) - 1} wrong"

    def test_one_agency_in_two_initiatives_is_seen(self, copy: Path) -> None:
        change(copy / SAN_FRANCISCO / "agencies.toml", '"example-bay-clinic"', '"example-clinic-north"')
        change(copy / SAN_FRANCISCO / "practice.toml", '"example-bay-clinic"', '"example-clinic-north"')
        done = initiative("check", root=copy)
        assert (done.exit_code, "agency example-clinic-north is there twice" in done.stderr) == (WRONG, True)

    def test_a_folder_that_is_none_or_holds_none_is_said_so(self, tmp_path: Path) -> None:
        assert initiative("check", tmp_path / "nowhere").exit_code == USAGE
        empty = initiative("check", tmp_path)
        assert (empty.exit_code, "holds no initiative" in empty.stderr) == (WRONG, True)


KINGS = ("kings-county", "--name", 'The "Kings" Initiative', "--place", "Kings County, California")
ZONE = ("--zone", "America/Los_Angeles")


class TestNew:
    def test_a_new_county_passes_the_check_beside_the_others(self, copy: Path) -> None:
        done = initiative("new", *KINGS, *ZONE, root=copy)
        assert done.exit_code == 0, done.output
        assert initiative("check", root=copy).exit_code == 0
        kings = load_initiatives(copy)["kings-county"]
        assert (kings.name, kings.place, kings.zone) == (KINGS[2], KINGS[4], ZONE[1])
        assert kings.languages == ("en", "es")
        assert {each.principle for each in kings.principles} == set(Principle)

    def test_nobody_in_it_could_be_taken_for_real(self, copy: Path) -> None:
        initiative("new", *KINGS, *ZONE, root=copy)
        kings = load_initiatives(copy)["kings-county"]
        names = [agency.name for agency in kings.agencies] + [person.name for person in kings.practice]
        names.append(kings.backbone.name)
        assert [name for name in names if not INVENTED & set(name.split())] == []
        assert (kings.counts, kings.targets, kings.facts) == ({}, (), ())

    def test_two_of_the_backbone_can_sign_in(self, copy: Path) -> None:
        initiative("new", *KINGS, *ZONE, root=copy)
        people = load_initiatives(copy)["kings-county"].practice
        backbone = [person.username for person in people if "backbone" in person.roles]
        assert len(backbone) == 2, "one builds a release, another approves it"

    def test_what_it_leaves_out_is_there_as_a_comment_that_holds(self, copy: Path) -> None:
        initiative("new", *KINGS, *ZONE, root=copy)
        path = copy / "kings-county" / "initiative.toml"
        lines = path.read_text().splitlines()
        begins = [number for number, line in enumerate(lines) if line.startswith("# [")]
        keys = set()
        for begin in begins:
            end = next((at for at in range(begin, len(lines)) if not lines[at].startswith("#")), len(lines))
            lines[begin:end] = [line.removeprefix("# ") for line in lines[begin:end]]
            keys.add(lines[begin].strip("[]").partition(".")[0])
        path.write_text("\n".join(lines))
        assert keys == {"counts", "agenda", "targets", "programmes", "reference_groups", "zip_groups"}
        assert initiative("check", root=copy).exit_code == 0, initiative("check", root=copy).output

    def test_every_file_names_a_schema_that_is_there(self, copy: Path, tmp_path: Path) -> None:
        initiative("new", *KINGS, *ZONE, "--into", tmp_path / "deep" / "down")
        for path in (tmp_path / "deep/down/kings-county").iterdir():
            schema = path.parent / path.read_text().partition("\n")[0].removeprefix("#:schema ")
            assert schema.resolve().is_file()

    @pytest.mark.parametrize("name", ['Q"uo\\te', "Niñez y salud", "$slug ${name}", "#]"])
    def test_a_name_stands_there_as_it_was_typed(self, tmp_path: Path, name: str) -> None:
        done = initiative("new", KINGS[0], "--name", name, *KINGS[3:], *ZONE, root=tmp_path)
        assert done.exit_code == 0, done.output
        assert load_initiatives(tmp_path)["kings-county"].name == name

    @pytest.mark.parametrize("option", ["--name", "--place", "--backbone"])
    @pytest.mark.parametrize("typed", ["two\nlines", "del\x7fete", "\t#]", "turned\u202eround", " ", ""])
    def test_a_name_that_is_no_line_is_refused_and_leaves_nothing_behind(
        self, tmp_path: Path, option: str, typed: str
    ) -> None:
        said = {"--name": KINGS[2], "--place": KINGS[4], "--backbone": "County of Example", option: typed}
        done = initiative("new", KINGS[0], *(part for pair in said.items() for part in pair), *ZONE, root=tmp_path)
        field = "backbone.name" if option == "--backbone" else option.removeprefix("--")
        assert (done.exit_code, f"kings-county/initiative.toml: {field}: must be" in done.stderr) == (WRONG, True)
        assert "Traceback" not in done.output
        assert list(tmp_path.iterdir()) == []

    def test_a_backbone_that_is_known_stands_there(self, tmp_path: Path) -> None:
        initiative("new", *KINGS, *ZONE, "--backbone", "County of Example", root=tmp_path)
        assert load_initiatives(tmp_path)["kings-county"].backbone.name == "County of Example"

    def test_a_zone_that_is_none_leaves_nothing_behind(self, copy: Path) -> None:
        done = initiative("new", *KINGS, "--zone", "America/Nowhere", root=copy)
        assert done.exit_code == WRONG
        assert "kings-county/initiative.toml: zone: no such time zone" in done.stderr
        assert not (copy / "kings-county").exists()

    def test_a_folder_that_is_there_is_left_alone(self, copy: Path) -> None:
        done = initiative("new", FRESNO, *KINGS[1:], *ZONE, root=copy)
        assert done.exit_code == USAGE
        assert initiative("check", root=copy).exit_code == 0

    @pytest.mark.parametrize("slug", ["../elsewhere", "Kings", "a--b", "", "x" * 31])
    def test_a_slug_that_is_none_is_refused(self, copy: Path, slug: str) -> None:
        assert initiative("new", slug, *KINGS[1:], *ZONE, root=copy).exit_code == USAGE
        assert len(list(copy.iterdir())) == 2


class TestDiff:
    def test_what_differs_is_said_by_field(self, copy: Path) -> None:
        shutil.copytree(copy / FRESNO, copy / "other")
        change(copy / "other/initiative.toml", "percent = 11.1", "percent = 11.2")
        change(copy / "other/initiative.toml", 'hub = "sample-county-chw-hub"\n', "")
        path = copy / "other/initiative.toml"
        delegates = path.read_text().partition("[counts.delegates]")[2].partition("[counts.partners]")[0]
        change(path, f"[counts.delegates]{delegates}", "")
        change(copy / "other/working_groups.toml", '"first_trimester_hedis", ', "")
        change(copy / "other/agencies.toml", 'id = "muster-diaper-bank"', 'id = "muster-diaper-shelf"')
        read = next(each.measures for each in load_initiatives(ROOT)[FRESNO].working_groups if "precon" in each.slug)
        fewer = [measure for measure in read if measure != "first_trimester_hedis"]
        done = initiative("diff", FRESNO, copy / "other", root=copy)
        assert done.exit_code == 0, done.output
        assert done.stdout.splitlines() == [
            '- counts.delegates: 19 "delegates"',
            "~ targets.0.baselines.announced-2016.percent: 11.1 -> 11.2",
            '~ hub: "sample-county-chw-hub" -> null',
            '- agencies.muster-diaper-bank: "Muster Diaper Bank"',
            '+ agencies.muster-diaper-shelf: "Muster Diaper Bank"',
            f"~ working_groups.preconception-health.measures: {json.dumps(read)} -> {json.dumps(fewer)}",
        ]
        (first, *_) = json.loads(initiative("diff", copy / "other", FRESNO, "--json", root=copy).stdout)
        assert (first["field"], "before" in first, first["after"]["number"]) == ("counts.delegates", False, 19)

    def test_two_that_are_the_same_differ_in_nothing(self) -> None:
        assert initiative("diff", FRESNO, ROOT / FRESNO).stdout == "nothing differs\n"

    def test_one_that_is_not_there_is_said_so(self, tmp_path: Path) -> None:
        assert initiative("diff", FRESNO, "atlantis").exit_code == USAGE
