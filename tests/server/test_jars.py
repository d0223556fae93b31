"""The cache holds whole jars that the lock names and nothing else, whatever a registry does; the registry is one of ours."""

import hashlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from server.jars import JarsError, cache_directory, cached_jars

FILES = {
    "org/a/one/1.0/one-1.0.jar": b"one",
    "org/a/one/1.0/one-1.0-linux-x86_64.jar": b"one for linux",
    "org/b/two/2.0.Final/two-2.0.Final.jar": b"two",
}


class Registry(ThreadingHTTPServer):
    """A Maven repository on loopback that knows ``files`` and remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.files = {f"/{path}": content for path, content in FILES.items()}
        self.asked: list[str] = []


class Answer(BaseHTTPRequestHandler):
    """The file, or 404."""

    def do_GET(self) -> None:
        if not self.path.endswith(".sha1"):
            self.server.asked.append(self.path)
        content = self.server.files.get(self.path)
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """A registry that the user's configuration names, and an empty cache."""
    with Registry() as registry:
        configuration = tmp_path / "jgo.conf"
        configuration.write_text(f"[repositories]\ncentral = http://127.0.0.1:{registry.server_port}\n")
        monkeypatch.setenv("JGO_CONFIG_FILE", str(configuration))
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        thread = Thread(target=registry.serve_forever)
        thread.start()
        yield registry
        registry.shutdown()
        thread.join()


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    file = tmp_path / "some.lock"
    file.write_text("# A lock.\n" + "".join(f"{hashlib.sha256(c).hexdigest()}  {path}\n" for path, c in FILES.items()))
    return file


def cached() -> dict[str, bytes]:
    """Every jar in the cache; a directory for what is under way would show too."""
    root = cache_directory()
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.suffix == ".jar"}


def test_an_empty_cache_is_filled_once(registry: Registry, lock: Path) -> None:
    assert cached_jars(lock) == [cache_directory() / path for path in FILES]
    assert cached() == FILES
    assert sorted(registry.asked) == sorted(f"/{path}" for path in FILES)
    assert cached_jars(lock) == [cache_directory() / path for path in FILES]
    assert len(registry.asked) == len(FILES)


def test_only_what_is_missing_or_was_changed_is_fetched(registry: Registry, lock: Path) -> None:
    one, _, two = cached_jars(lock)
    one.write_bytes(b"on")
    two.unlink()
    registry.asked.clear()
    cached_jars(lock)
    assert cached() == FILES
    assert sorted(registry.asked) == [f"/{path.relative_to(cache_directory()).as_posix()}" for path in (one, two)]


def test_a_file_that_is_not_the_locked_one_never_reaches_the_cache(registry: Registry, lock: Path) -> None:
    registry.files["/org/b/two/2.0.Final/two-2.0.Final.jar"] = b"another two"
    with pytest.raises(JarsError, match=r"two-2\.0\.Final\.jar: the registry's file is not the one that the lock names"):
        cached_jars(lock)
    assert "org/b/two/2.0.Final/two-2.0.Final.jar" not in cached()
    registry.files["/org/b/two/2.0.Final/two-2.0.Final.jar"] = b"two"
    cached_jars(lock)
    assert cached() == FILES


def test_a_jar_that_no_registry_has_is_an_error_that_says_what_to_do(registry: Registry, lock: Path) -> None:
    del registry.files["/org/a/one/1.0/one-1.0.jar"]
    with pytest.raises(JarsError, match=r"(?s)cannot fetch org\.a:one.*Name a Maven repository that this machine reaches"):
        cached_jars(lock)


def test_a_registry_that_cannot_be_reached_is_an_error_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lock: Path
) -> None:
    (tmp_path / "jgo.conf").write_text("[repositories]\ncentral = http://127.0.0.1:1\n")
    monkeypatch.setenv("JGO_CONFIG_FILE", str(tmp_path / "jgo.conf"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with pytest.raises(JarsError, match=r"(?s)cannot fetch org\.a:one.*NEO4J_URI \(docs/neo4j\.md\)"):
        cached_jars(lock)
