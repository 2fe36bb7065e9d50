"""Owns what is said of settings: which variables each process reads, in `--help` and in docs/settings.md."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from pydantic.fields import FieldInfo

from services.runtime.settings import RuntimeSettings, is_local

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"
PROCESSES = {
    "serve gateway": ("services.gateway.settings", "GatewaySettings"),
    "serve referrals": ("services.referrals.settings", "ServeSettings"),
    "serve measures": ("services.measures.settings", "MeasuresSettings"),
    "relay": ("services.referrals.settings", "RelaySettings"),
    "timers": ("services.referrals.settings", "TimersSettings"),
    "consume": ("services.measures.settings", "MeasuresSettings"),
}


def variables(process: str) -> dict[str, FieldInfo]:
    """Return the variables that a process reads, by name."""
    module, name = PROCESSES[process]
    found: type[RuntimeSettings] = getattr(import_module(module), name)
    return found.variables()


def value(field: FieldInfo) -> str:
    """Return how a variable that is not set is understood."""
    more = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    if more.get("secret"):
        return "a secret, needed"
    if (usual := more.get("in_production")) is not None:
        return f"not set; {usual:g} in production"
    if is_local(field):
        return f"{'not set' if field.default is None else field.default}; needed in production"
    return "needed" if field.is_required() else "not set" if field.default is None else str(field.default)


def lines(process: str) -> Iterator[str]:
    for name, field in variables(process).items():
        yield f"{name} ({value(field)})"


def text() -> str:
    """Return docs/settings.md as it has to be."""
    parts = [
        "# Settings",
        "Every process reads its settings from the environment and from nowhere else. `closeknit up` and `demo` give"
        " them to the processes that they start; the other commands take them from the environment or, where it names"
        " no system, from the one that runs in this folder. `python -m deploy.settings_page` makes this page.",
    ]
    for process in PROCESSES:
        rows = "\n".join(f"| `{name}` | {value(field)} |" for name, field in variables(process).items())
        parts.append(f"## closeknit {process}\n\n| variable | when it is not set |\n|---|---|\n{rows}")
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text())
    sys.stdout.write(f"wrote {PAGE.name}\n")
