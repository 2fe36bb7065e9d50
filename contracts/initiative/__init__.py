"""Owns the shape of an initiative: who runs it, agencies and services, working groups, targets, week and due times.

An initiative is configuration alone: a folder with `initiative.toml`, `agencies.toml`, `working_groups.toml` and, for
practice systems, `practice.toml` with sign-ins of invented people. Every service reads the same files through here.
"""

from contracts.initiative.agenda import (
    Backbone,
    Baseline,
    Count,
    Fact,
    Figure,
    PrincipleHere,
    Priority,
    Programme,
    Target,
)
from contracts.initiative.files import BadInitiative, load_initiative, load_initiatives
from contracts.initiative.groups import Aim, Charter, Question, WorkingGroup
from contracts.initiative.initiative import CheckRule, Initiative, Outreach
from contracts.initiative.measuring import MeasurementConsent, ReleasePeriod, Releases, ZipGroup
from contracts.initiative.people import PracticeSignIn, Role
from contracts.initiative.text import Text

__all__ = [
    "Aim",
    "Backbone",
    "BadInitiative",
    "Baseline",
    "Charter",
    "CheckRule",
    "Count",
    "Fact",
    "Figure",
    "Initiative",
    "MeasurementConsent",
    "Outreach",
    "PracticeSignIn",
    "PrincipleHere",
    "Priority",
    "Programme",
    "Question",
    "ReleasePeriod",
    "Releases",
    "Role",
    "Target",
    "Text",
    "WorkingGroup",
    "ZipGroup",
    "load_initiative",
    "load_initiatives",
]
