"""Owns the part of the table of pages that shows figures: released ones, those of a population, and an agency's own."""

from starlette.routing import BaseRoute

from services.gateway.pages.gate import Gated, Pressed
from services.gateway.pages.views import definitions, explained, exports, own_figures, releases, scorecard, targets

FORM = ("POST",)

FIGURES: tuple[BaseRoute, ...] = (
    Gated("/scorecard", scorecard.scorecard, "get_release_figures"),
    Gated("/scorecard/explained", explained.explained, "explain_release_figure"),
    Gated("/scorecard/figures.{kind}", exports.figures_file, "get_release_figures"),
    Gated("/figures", own_figures.own_figures, "get_agency_figures"),
    Gated("/definitions", definitions.definitions, "list_measures"),
    Gated("/targets", targets.targets, "list_targets"),
    Gated("/releases", releases.releases, "list_releases"),
    Pressed("/releases", releases.build_release, "build_release"),
    Gated("/releases/{release}/{step}", releases.step_release, "approve_release", methods=FORM),
    Gated("/releases/{release}/{step}", releases.back_to_releases, "list_releases"),
)
