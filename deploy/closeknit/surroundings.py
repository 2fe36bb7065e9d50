"""Owns where a command finds its settings: in the environment, else in the system that runs in this folder."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

NAMES_A_SYSTEM = (
    "CLOSEKNIT_REFERRALS_DSN",
    "CLOSEKNIT_MEASURES_DSN",
    "CLOSEKNIT_KAFKA",
    "CLOSEKNIT_REFERRALS_OWNER_DSN",
)


def environ() -> Mapping[str, str]:
    """Return the environment; where it names no system, completed by the settings of the local one (0600, ours)."""
    own = dict(os.environ)
    if any(own.get(name) for name in NAMES_A_SYSTEM):
        return own
    kept = Path(os.environ.get("CLOSEKNIT_HOME") or ".closeknit") / "settings.json"
    return {**json.loads(kept.read_text()), **own} if kept.is_file() else own
