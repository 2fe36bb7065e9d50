"""Owns a Keycloak of this machine, on loopback and with a database of its own, for tests of the realm that we ship."""

import functools
import json
import os
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.local import child, jars, java, parts, ports

LOCK = Path(__file__).with_name("keycloak.lock.toml")
REALM = Path(__file__).parents[1] / "keycloak" / "closeknit-realm.json"
UNCHANGED = ("conf", "lib", "providers", "themes")
READY_S = 400.0


def distribution() -> Path:
    """Return the folder of the distribution, had and unpacked once a machine's user. Raises PartMissing."""
    (pinned,) = jars.locked(LOCK)
    cache = jars.repository()
    cache.mkdir(parents=True, exist_ok=True)
    unpacked = cache.with_name("keycloak") / f"{pinned.version}-{pinned.sha256[:16]}"
    with jars.one_at_a_time(cache):
        if not unpacked.is_dir():
            jars.have(pinned, cache)
            new = unpacked.with_name(f"{unpacked.name}.new")
            shutil.rmtree(new, ignore_errors=True)
            with zipfile.ZipFile(pinned.within(cache)) as archive:
                archive.extractall(new)
            new.replace(unpacked)
    (found,) = unpacked.iterdir()
    return found


def spec(
    folder: Path, port: int, environ: Mapping[str, str], realms: Mapping[str, Mapping[str, Any]] | None = None
) -> child.Spec:
    """Return a Keycloak whose state is in `folder`. `environ` fills the places of the realm file: public address and
    secrets. `realms` are imported in its place. Raises PartMissing.
    """
    whole = distribution()
    for name in UNCHANGED:
        (folder / name).symlink_to(whole / name)
    imported = folder / "data" / "import"
    imported.mkdir(parents=True)
    for name, realm in (realms or {"closeknit": shipped()}).items():
        (imported / f"{name}-realm.json").write_text(json.dumps(realm))
    return child.Spec(
        name="keycloak",
        command=command(folder, port),
        env={**{name: each for name, each in os.environ.items() if not name.startswith(("KC_", "JAVA_"))}, **environ},
        ready=functools.partial(parts.healthy, "/realms/master/.well-known/openid-configuration", port),
        ready_s=READY_S,
    )


def shipped() -> dict[str, Any]:
    """Return the realm as it is shipped."""
    found: dict[str, Any] = json.loads(REALM.read_text())
    return found


def command(folder: Path, port: int) -> tuple[str, ...]:
    """Return what bin/kc.sh would run: as it was built, as building it again takes half a minute."""
    opened = [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in ("java.lang", "java.util", "java.security")]
    threads = "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory"
    return (
        str(java.runtime()),
        *(*java.SMALL, "-Xms256m", *opened),
        "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
        f"-Djava.util.concurrent.ForkJoinPool.common.threadFactory={threads}",
        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
        f"-Djava.io.tmpdir={folder}",
        f"-Dkc.home.dir={folder}",
        f"-Djboss.server.config.dir={folder / 'conf'}",
        "-Dkc.config.built=true",
        *("-cp", str(folder / "lib" / "quarkus-run.jar"), "io.quarkus.bootstrap.runner.QuarkusEntryPoint"),
        *("start", "--import-realm", "--cache=local", "--http-enabled=true", f"--http-host={ports.LOOPBACK}"),
        *(f"--http-port={port}", f"--hostname=http://{ports.LOOPBACK}:{port}"),
    )
