"""``kb doctor``: what is installed, what the store is, and what to do about what is missing."""

import re
import sys
from collections.abc import Iterator
from importlib import metadata
from typing import Any, NamedTuple

import typer

from kb.cli.command import make_command
from kb.cli.exits import ExitCode
from kb.cli.run import DEFAULT_STORE, Run
from kb.errors import KbError

_DISTRIBUTION = "agent-threat-kb"
_COLUMNS = ("check", "state", "detail", "remedy")


class Check(NamedTuple):
    """One thing that was looked at."""

    check: str
    state: str
    """``ok``, ``optional`` (not there, and not needed), ``warning`` or ``failed``."""
    detail: str
    remedy: str | None = None


def doctor(run: Run) -> None:
    """Check the installation and the store.

        kb doctor
        kb doctor --store team.db --format json

    Exit code 4 where the store cannot be used: it is no base of ours, damaged, or named and not there.
    """
    from kb.views.table import to_table

    base, store = _store_checks(run.store)
    checks = [*_python(), *_packages(), *_extras(), *_catalogue(), *store, _terminal(run)]
    rows = [check._asdict() for check in checks]
    run.emit(_answer(rows, base), lambda terminal: to_table(rows, _COLUMNS, terminal), rows, _COLUMNS)
    raise typer.Exit(ExitCode.STORE if any(check.state == "failed" for check in store) else ExitCode.ANSWERED)


def _answer(rows: list[dict[str, Any]], base: str | None) -> dict[str, Any]:
    from kb.model.schema import SCHEMA_VERSION

    common: dict[str, Any] = {
        "complete": True,
        "truncated_by": None,
        "assumptions": [],
        "base": base,
        "schema_version": SCHEMA_VERSION,
    }
    return {"checks": rows, **common}


def _python() -> Iterator[Check]:
    import sqlite3

    from kb import __version__

    yield Check("kb", "ok", __version__)
    yield Check("python", "ok", ".".join(map(str, sys.version_info[:3])))
    yield Check("sqlite", "ok", sqlite3.sqlite_version)
    yield _yaml_loader()


def _yaml_loader() -> Check:
    import yaml

    fast = hasattr(yaml, "CSafeLoader")
    remedy = None if fast else "install PyYAML from a wheel, or with libyaml: documents load many times faster"
    return Check("yaml loader", "ok" if fast else "warning", "compiled" if fast else "pure Python", remedy)


def _requirements() -> list[tuple[str, str | None]]:
    """Name of each package that ours asks for, with the extra that wants it (``None`` for the core)."""
    try:
        wanted = metadata.requires(_DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return []
    extra = re.compile(r"""extra\s*==\s*["']([^"']+)""")
    return [(re.split(r"[^\w.-]", line, maxsplit=1)[0], found[1] if (found := extra.search(line)) else None) for line in wanted]


def _packages() -> Iterator[Check]:
    core = [name for name, extra in _requirements() if extra is None]
    if not core:
        yield Check("packages", "warning", "not installed as a package", f"python -m pip install {_DISTRIBUTION}")
    for name in core:
        version = _version(name)
        remedy = None if version else f"python -m pip install {name}"
        yield Check(name, "ok" if version else "warning", version or "not installed", remedy)


def _extras() -> Iterator[Check]:
    for name, extra in _requirements():
        if extra:
            version, remedy = _version(name), f"python -m pip install '{_DISTRIBUTION}[{extra}]'"
            yield Check(
                f"{name} ({extra})", "ok" if version else "optional", version or "not installed", None if version else remedy
            )


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _catalogue() -> Iterator[Check]:
    from kb.catalog import catalog

    known = catalog()
    counts = ", ".join(
        f"{len(known.ids(kind))} {word}" for kind, word in (("Threat", "threats"), ("Mitigation", "mitigations"))
    )
    yield Check("catalogue", "ok", f"{known.version}, {counts}")


def _store_checks(location: str) -> tuple[str | None, list[Check]]:
    """The fingerprint of the base, and what is to be said of the store."""
    from kb.api import KnowledgeBase
    from kb.catalog import catalog

    try:
        with KnowledgeBase.open(location) as base:
            info = base.engine.base
            counts = ", ".join(f"{len(base.list(kind))} {kind}" for kind in ("agents", "systems", "assessments"))
    except KbError as error:
        fresh = location == DEFAULT_STORE and not _exists(location)
        return None, [Check("store", "warning" if fresh else "failed", str(error), error.hint or None)]
    if info is None:
        return None, [Check("store", "warning", f"{location}: empty", "kb load --seeds")]
    newer = info.catalog_version != catalog().version
    remedy = "the next `kb load` brings the built-in one in" if newer else None
    return info.fingerprint, [
        Check("store", "ok", f"{location}: {counts}"),
        Check("fingerprint", "ok", f"{info.fingerprint}, schema {info.schema_version}"),
        Check("catalogue in store", "warning" if newer else "ok", info.catalog_version, remedy),
    ]


def _exists(location: str) -> bool:
    from pathlib import Path

    return Path(location).exists()


def _terminal(run: Run) -> Check:
    terminal = run.terminal
    if terminal.width is None:
        return Check("output", "ok", "a file or a pipe: nothing is cut, no colours")
    return Check("output", "ok", f"a terminal of {terminal.width} columns, {'in colour' if terminal.color else 'no colours'}")


COMMANDS = {"doctor": lambda: make_command(doctor, "doctor")}
