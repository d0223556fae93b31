"""The tables under ``sources/``: where each row was read, and under which licence."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

SOURCE_DIR = Path(__file__).parents[1] / "sources"


@dataclass(frozen=True, slots=True)
class Work:
    """A publication that rows were taken from."""

    name: str
    version: str
    license: str
    """An SPDX expression, or ``names only`` or ``cited`` where the publication grants none."""
    address: str
    attribution: str
    """The line that has to travel with the data; empty where none has to."""
    changed: str
    """What was taken and how it was altered."""


@dataclass(frozen=True, slots=True)
class Part:
    """One place of a publication, as rows name it by its key."""

    key: str
    title: str
    work: Work


def table(name: str) -> Any:
    """The content of the YAML file ``sources/<name>.yaml``."""
    import yaml

    with (SOURCE_DIR / f"{name}.yaml").open(encoding="utf-8") as file:
        return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  # both are safe loaders


def rows(name: str) -> Iterator[Mapping[str, str]]:
    """The rows of the CSV file ``sources/<name>.csv``, in the order of its lines."""
    with (SOURCE_DIR / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def parts() -> Mapping[str, Part]:
    """Every place that rows may name, by key, in the order of ``sources/publications.yaml``."""
    found = {}
    for entry in table("publications")["works"]:
        fields = {name: entry.get(name, "") for name in ("version", "license", "address", "attribution", "changed")}
        work = Work(entry["work"], **fields)
        found.update({key: Part(key, title, work) for key, title in entry["parts"].items()})
    return MappingProxyType(found)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one row was read: a part of a publication and, where known, the spot in it."""

    title: str
    license: str

    @classmethod
    def read(cls, text: str) -> "Origin":
        """The origin that a table writes as ``<key>`` or ``<key> <spot>``, e.g. ``owasp-asi ASI03``.

        Raises KeyError for a key that ``sources/publications.yaml`` lacks.
        """
        key, _, spot = text.partition(" ")
        part = parts()[key]
        return cls(f"{part.title}, {spot}" if spot else part.title, part.work.license)
