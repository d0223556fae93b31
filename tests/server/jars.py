"""The jars of a Neo4j server: a lock file that names them, and a cache that holds exactly those.

A lock file is what ``sha256sum --check`` reads, run where the jars are: on each line the SHA-256 of a jar and its path in a
Maven repository, ``group/with/slashes/artifact/version/artifact-version[-classifier].jar``, which is its coordinates. No
registry is named: jgo asks Maven Central, or the ``[repositories]`` of its configuration file (a mirror is one called
``central``), through the proxy and with the certificates that the environment names.
"""

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jgo.maven import Artifact, MavenContext

LOCK = Path(__file__).with_name("neo4j.lock")
"""The lock of the Neo4j version that the project supports: the newest of the 5 LTS line when it was made."""

ATTEMPTS = 3
TIMEOUT_SECONDS = 60
WORKERS = 16


class JarsError(Exception):
    """Raised when the locked jars cannot be had, or are not what the lock says; the message says which and what to do."""


def read_lock(lock: Path) -> dict[str, str]:
    """The SHA-256 of every jar, by its path in a Maven repository, in the order of the file."""
    rows = [line.split() for line in lock.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return {path: digest for digest, path in rows}


def cached_jars(lock: Path = LOCK) -> list[Path]:
    """The files of the locked jars, each of which has the SHA-256 that the lock says; those not in the cache are fetched.

    A file whose SHA-256 was right once is not read again as long as its size and time stay. Several processes may ask at
    once, and one that was stopped goes on with what is missing.
    """
    wanted, cache = read_lock(lock), cache_directory()
    stamps = cache / f"{hashlib.sha256(lock.read_bytes()).hexdigest()}.json"
    seen: dict[str, list[int]] = json.loads(stamps.read_text(encoding="utf-8")) if stamps.exists() else {}
    missing = [path for path in wanted if not _is_right(cache / path, wanted[path], seen.get(path))]
    if missing:
        _fetch_missing({path: wanted[path] for path in missing}, cache)
    now = {path: _stamp(cache / path) for path in wanted}
    if now != seen:
        _write_whole(stamps, json.dumps(now))
    return [cache / path for path in wanted]


def cache_directory() -> Path:
    """Where the jars are kept for all checkouts of this user, laid out as a Maven repository."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "agent-threat-kb" / "maven"


def maven(repository: Path) -> "MavenContext":
    """jgo's access to the registries that this machine is set up for, which keeps what it fetches in ``repository``."""
    from jgo.config import GlobalSettings
    from jgo.maven import MavenContext

    context = MavenContext(repo_cache=repository, timeout=TIMEOUT_SECONDS)
    context.remote_repos.update(GlobalSettings.load().repositories)
    return context


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fetch(artifact: "Artifact") -> Path:
    """The file of an artifact, fetched into the repository of its context."""
    import requests

    for attempt in range(ATTEMPTS):
        try:
            return artifact.resolve()
        except (requests.RequestException, RuntimeError) as error:  # jgo says RuntimeError where a registry has no such file
            artifact.cached_path.unlink(missing_ok=True)  # the half that came
            if attempt == ATTEMPTS - 1:
                raise JarsError(
                    f"cannot fetch {artifact}: {error}\nName a Maven repository that this machine reaches in jgo's"
                    " configuration, or a running Neo4j in NEO4J_URI (docs/neo4j.md)."
                ) from error
    raise AssertionError("unreachable: the last attempt returns or raises")


def _fetch_missing(wanted: Mapping[str, str], cache: Path) -> None:
    """Move each jar into the cache when it is whole and right, so that no reader ever sees another and no work is lost."""
    print(f"fetching {len(wanted)} jars of a Neo4j server", file=sys.stderr)
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="incoming-", dir=cache) as incoming, ThreadPoolExecutor(WORKERS) as pool:
        context = maven(Path(incoming))

        def into_cache(path: str) -> None:
            file = fetch(_artifact(context, path))
            if sha256(file) != wanted[path]:
                raise JarsError(f"{path}: the registry's file is not the one that the lock names; is the mirror sound?")
            (cache / path).parent.mkdir(parents=True, exist_ok=True)
            file.replace(cache / path)

        try:
            for _ in pool.map(into_cache, wanted):
                pass
        finally:
            pool.shutdown(cancel_futures=True)


def _artifact(context: "MavenContext", path: str) -> "Artifact":
    *group, name, version, file = path.split("/")
    classifier = file.removeprefix(f"{name}-{version}").removesuffix(".jar").removeprefix("-")
    return context.project(".".join(group), name).at_version(version).artifact(classifier)


def _is_right(file: Path, digest: str, stamp: list[int] | None) -> bool:
    return file.exists() and (_stamp(file) == stamp or sha256(file) == digest)


def _stamp(file: Path) -> list[int]:
    status = file.stat()
    return [status.st_size, status.st_mtime_ns]


def _write_whole(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(text)
    Path(file.name).replace(path)
