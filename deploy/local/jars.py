"""Owns Kafka's jars and other files of Maven Central: pinned in a lock, had once a machine's user, then verified."""

import contextlib
import fcntl
import hashlib
import os
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from deploy.local import child

LOCK = Path(__file__).with_name("jgo.lock.toml")
KAFKA = "org.apache.kafka:kafka_2.13:4.3.1"
# The way from slf4j to log4j, which Kafka's own set lacks; the mark keeps its versions from ruling Kafka's.
LOGGING = "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4!"
AT_ONCE = 8
TRIES = 3
TIMEOUT_S = 60


@dataclass(frozen=True)
class Jar:
    """One pinned file of Maven Central."""

    group: str
    artifact: str
    version: str
    sha256: str
    packaging: str = "jar"

    def within(self, repository: Path) -> Path:
        folder = repository.joinpath(*self.group.split("."), self.artifact, self.version)
        return folder / f"{self.artifact}-{self.version}.{self.packaging}"

    def intact(self, repository: Path) -> bool:
        path = self.within(repository)
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == self.sha256


def locked(lock: Path = LOCK) -> tuple[Jar, ...]:
    """Return the jars that the lock names."""
    rows = tomllib.loads(lock.read_text())["dependencies"]
    return tuple(
        Jar(row["groupId"], row["artifactId"], row["version"], row["sha256"], row["packaging"]) for row in rows
    )


def repository() -> Path:
    """Return the folder that keeps jars between runs and clones: the user's cache, shared by all clones."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(cache) / "closeknit" / "jars"


def present(folder: Path | None = None, told: Callable[[int, int], None] | None = None) -> tuple[Path, ...]:
    """Return every jar's path, each verified; what is missing or damaged is had anew.

    `told(done, total)` hears of progress. PartMissing when Maven Central cannot be reached or sends something else.
    """
    folder = folder or repository()
    folder.mkdir(parents=True, exist_ok=True)
    jars = locked()
    with one_at_a_time(folder), ThreadPoolExecutor(AT_ONCE) as pool:
        for done, _ in enumerate(pool.map(lambda jar: have(jar, folder), jars), 1):
            if told is not None:
                told(done, len(jars))
    return tuple(jar.within(folder) for jar in jars)


def have(jar: Jar, folder: Path) -> None:
    """Make sure that one jar is there and is the pinned one."""
    problem = ""
    for _ in range(TRIES):
        if jar.intact(folder):
            return
        jar.within(folder).unlink(missing_ok=True)
        try:
            download(jar, folder)
        except Exception as error:  # noqa: BLE001 -- the resolver raises whatever its HTTP library does
            problem = f" ({type(error).__name__})"
    if not jar.intact(folder):
        jar.within(folder).unlink(missing_ok=True)
        raise child.PartMissing(
            f"{jar.artifact} {jar.version} could not be had from Maven Central{problem}: check the network."
        )


def download(jar: Jar, folder: Path) -> None:
    from jgo.maven import MavenContext  # noqa: PLC0415 -- half a second, needed only when something is missing

    context = MavenContext(repo_cache=folder, timeout=TIMEOUT_S)
    context.project(jar.group, jar.artifact).at_version(jar.version).artifact(packaging=jar.packaging).resolve()


@contextlib.contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Hold the cache for this process: two clones that start together download once."""
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def resolve(folder: Path) -> None:
    """Write jgo.lock.toml anew from Kafka's own dependencies (`make lock-jars`)."""
    from jgo.env import LockFile  # noqa: PLC0415 -- needed only here
    from jgo.maven import MavenContext  # noqa: PLC0415 -- needed only here

    context = MavenContext(repo_cache=folder, timeout=TIMEOUT_S)
    wanted = [context.create_dependency(coordinate) for coordinate in (KAFKA, LOGGING)]
    inputs, transitive = context.resolver.resolve(wanted)
    found = sorted([*inputs, *transitive], key=lambda one: (one.groupId, one.artifactId))
    LockFile.from_resolved_dependencies(found, environment_name="kafka").save(LOCK)


if __name__ == "__main__":
    resolve(repository())
