"""Writes what is made from the models: schemas, `asyncapi.yaml`, `acls.yaml`; on demand `released/`.

python -m contracts.generate             write them
python -m contracts.generate --check     1 when a file is not what the models say, or when a schema breaks its release
python -m contracts.generate --release   the schemas become the released ones, unless one of them breaks its release
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from contracts import acl
from contracts.asyncapi import document
from contracts.compatibility import breaks
from contracts.initiative import schema as initiative
from contracts.schema import schemas
from contracts.topic import load_topics

ROOT = Path(__file__).parent
SUFFIX = ".schema.json"
OF_AN_INITIATIVE = Path("initiative", "schemas")


def generated(root: Path = ROOT) -> dict[Path, str]:
    """Every generated file and its text; examples are read below `root`."""
    files = {root / "schemas" / f"{name}{SUFFIX}": _json(schema) for name, schema in schemas().items()}
    files |= {root / OF_AN_INITIATIVE / f"{name}{SUFFIX}": _json(each) for name, each in initiative.schemas().items()}
    text = yaml.dump(document(load_topics(), root / "examples"), Dumper=_NoAliases, sort_keys=False, width=120)
    files[root / "asyncapi.yaml"] = text
    files[root / "acls.yaml"] = acl.text()
    return files


def drift(root: Path = ROOT) -> list[str]:
    """One sentence for each file below `root` that is missing, not what the models say, or left over."""
    wanted = generated(root)
    said = [
        f"{path.relative_to(root)} is not what the models say" for path, text in wanted.items() if _read(path) != text
    ]
    left = {
        path for folder in (Path("schemas"), OF_AN_INITIATIVE) for path in (root / folder).glob("*")
    } - wanted.keys()
    return said + [f"{path.relative_to(root)} belongs to no model" for path in sorted(left)]


def released(root: Path = ROOT) -> Mapping[str, dict[str, Any]]:
    """The schemas of the last release by type."""
    paths = sorted((root / "released").glob(f"*{SUFFIX}"))
    return {path.name.removesuffix(SUFFIX): json.loads(path.read_text(encoding="utf-8")) for path in paths}


def main(arguments: Sequence[str]) -> int:
    """The command; prints sentences to stderr and gives the exit code."""
    parser = argparse.ArgumentParser(prog="contracts.generate", description="Write what is made from the models.")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help="only compare")
    choice.add_argument("--release", action="store_true", help="make the schemas the released ones")
    options = parser.parse_args(arguments)
    if not options.check:
        _write(generated())
    problems = drift() + breaks(released(), schemas())
    if options.release and not problems:
        _write({ROOT / "released" / f"{name}{SUFFIX}": _json(schema) for name, schema in schemas().items()})
    sys.stderr.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


class _NoAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _json(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _write(files: Mapping[Path, str]) -> None:
    for path, text in files.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
