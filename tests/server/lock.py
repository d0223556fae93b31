"""Makes a lock file of all jars of the newest Neo4j whose version begins as asked: ``python -m server.lock 5.26 FILE``."""

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jgo.maven import Artifact, MavenContext

from server.jars import WORKERS, fetch, maven, sha256

HEADER = """\
# Every jar of {endpoint}, the embeddable Neo4j Community Edition, by its path in a Maven repository.
# Made by `make lock-neo4j`; `sha256sum --check` where the jars are reads it.
"""


def write_lock(prefix: str, lock: Path) -> None:
    """Resolve the newest version that begins with ``prefix``, fetch its jars and write their SHA-256 down."""
    with tempfile.TemporaryDirectory() as repository, ThreadPoolExecutor(WORKERS) as pool:
        context = maven(Path(repository))
        version = newest(context, prefix)
        jars = {file.relative_to(repository).as_posix(): sha256(file) for file in pool.map(fetch, resolve(context, version))}
    rows = [f"{jars[path]}  {path}\n" for path in sorted(jars)]
    lock.write_text(HEADER.format(endpoint=f"org.neo4j:neo4j:{version}") + "".join(rows), encoding="utf-8")
    print(f"{lock}: {len(rows)} jars of Neo4j {version}")


def newest(context: MavenContext, prefix: str) -> str:
    """The newest released version of Neo4j that begins with ``prefix``: ``5.26``, or ``20`` for calendar versions."""
    neo4j = context.project("org.neo4j", "neo4j")
    neo4j.update()
    released = [version for version in neo4j.metadata.versions if version.startswith(prefix) and "-" not in version]
    return max(released, key=lambda version: [int(part) for part in version.split(".")])


def resolve(context: MavenContext, version: str) -> list[Artifact]:
    """Neo4j of this version and all that it needs at run time."""
    neo4j = context.create_dependency(f"org.neo4j:neo4j:{version}")
    inputs, needed = context.resolver.resolve([neo4j])
    return [dependency.artifact for dependency in inputs + needed if dependency.scope in (None, "compile", "runtime")]


if __name__ == "__main__":
    write_lock(sys.argv[1], Path(sys.argv[2]))
