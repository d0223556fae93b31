"""YAML and JSON files as plain data that knows its lines.

Every scalar without quotes is what JSON would make of it, or else text: a date is text, and so is ``yes``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kb.errors import Fault, InputError
from kb.loading.source_events import Event, json_events, yaml_events

Json = Any
"""``str``, ``int``, :class:`~decimal.Decimal`, ``bool``, ``None``, lists of these, and dictionaries with text as keys."""

Place = tuple[str | int, ...]
"""Keys and list positions from the top of a document to a value."""

MAX_DEPTH = 64
MAX_TEXT = 65_536
"""Characters of one text."""
MAX_VALUES = 200_000
"""Values of one document."""
_MAX_FAULTS = 100
"""Faults after which reading stops: a file of nothing but faults needs no list of them all."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file: its value, and the line of each value in it."""

    value: Json
    line: int
    lines: Mapping[Place, int]

    def line_of(self, path: Place) -> int:
        """The line of the value at ``path``, or of the nearest value around it; a member of a mapping is where its key is."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return self.line


def read_documents(data: bytes, path: str) -> list[Document]:
    """The documents of a YAML or JSON file, empty ones left out; a list at the top of a file is one document.

    Raises :class:`~kb.errors.InputError` with every fault found: syntax, aliases, anchors, tags, double keys, nesting deeper
    than 64, numbers that are not finite, text that no file should hold.
    """
    builder = _Builder(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError([Fault(path, line, "not UTF-8; save the file as UTF-8")]) from error
    try:
        for event in _events(text, path):
            builder.take(event)
    except _StopReading:
        pass
    if builder.faults:
        raise InputError(sorted(builder.faults, key=lambda fault: fault.line))
    return builder.documents


def _events(text: str, path: str) -> Iterator[Event]:
    named_json = path.lower().endswith(".json")
    events = json_events(text, strict=named_json) if named_json or text.lstrip()[:1] in ("{", "[") else None
    return yaml_events(text) if events is None else events


class _StopReading(Exception):
    """Raised inside this module once there is no point in reading on."""


@dataclass(slots=True)
class _Open:
    """A mapping or list that has begun."""

    value: dict[str, Json] | list[Json]
    path: Place
    key: str | None = None
    """The key whose value comes next; ``None`` where a key comes next."""
    skip: bool = False
    """Whether the value that comes next belongs to a key that cannot be kept."""


@dataclass(slots=True)
class _Builder:
    """Documents and faults out of events; keeps its own stack, so that depth costs nothing."""

    path: str
    documents: list[Document] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    root: Json = None
    line: int = 0
    lines: dict[Place, int] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        """Add ``event`` to what has been read."""
        if event.kind in ("bad", "fault"):
            self.fault(event.line, event.text)
        if event.kind == "end":
            self.stack.pop()
        elif event.kind == "document":
            if self.root is not None:
                self.documents.append(Document(self.root, self.line, self.lines))
            self.root, self.line, self.lines = None, 0, {}
        elif event.kind != "fault":
            self.value(event)

    def fault(self, line: int, sentence: str) -> None:
        fault = Fault(self.path, line, sentence)
        if self.faults and self.faults[-1] == fault:
            return
        self.faults.append(fault)
        if len(self.faults) >= _MAX_FAULTS:
            self.faults.append(Fault(self.path, line, f"{_MAX_FAULTS} faults; the file is not read further"))
            raise _StopReading

    def value(self, event: Event) -> None:
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            self.key(top, event)
            return
        place, line = self.place(top, event.line)
        value: Json = {"map": dict, "list": list}[event.kind]() if event.kind in ("map", "list") else self.scalar(event)
        if top is None:
            self.root, self.line = value, line
        elif isinstance(top.value, list):
            top.value.append(value)
        elif not top.skip and top.key is not None:
            top.value[top.key] = value
        if top is not None:
            top.key, top.skip = None, False
        if event.kind in ("map", "list"):
            self.open(_Open(value, place), event.line)

    def place(self, top: _Open | None, line: int) -> tuple[Place, int]:
        """Where the value that begins at ``line`` stands, and the line that it is known by."""
        if top is None:
            return (), line
        if isinstance(top.value, list):
            place = (*top.path, len(top.value))
            self.lines[place] = line
        else:
            place = (*top.path, top.key or "")
        if len(self.lines) > MAX_VALUES:
            self.fault(line, f"more than {MAX_VALUES:,} values in one document; split it")
            raise _StopReading
        return place, self.lines.get(place, line)

    def open(self, opened: _Open, line: int) -> None:
        self.stack.append(opened)
        if len(self.stack) > MAX_DEPTH:
            self.fault(line, f"nested deeper than {MAX_DEPTH}")
            raise _StopReading

    def key(self, top: _Open, event: Event) -> None:
        if event.kind in ("map", "list"):
            self.fault(event.line, "a key that is itself a mapping or a list; keys are text")
            raise _StopReading
        if event.kind == "bad":
            top.key, top.skip = "", True
            return
        key = event.text
        self.check_text(key, event.line)
        place = (*top.path, key)
        top.key, top.skip = key, key in top.value
        if top.skip:
            self.fault(event.line, f"key {shown(key)} for the second time; the first is in line {self.lines[place]}")
        else:
            self.lines[place] = event.line

    def scalar(self, event: Event) -> Json:
        if event.kind != "scalar":
            return None
        if not event.plain:
            self.check_text(event.text, event.line)
            return event.text
        value = plain_value(event.text)
        if isinstance(value, Decimal) and abs(value.adjusted()) > _LARGEST_EXPONENT:
            self.fault(event.line, f"the number {event.text:.40} is out of range")
        elif isinstance(value, str):
            self.check_text(value, event.line)
        return value

    def check_text(self, text: str, line: int) -> None:
        if len(text) > MAX_TEXT:
            self.fault(line, f"a text of {len(text):,} characters; {MAX_TEXT:,} at most")
        elif _NEVER_IN_TEXT.search(text):
            self.fault(line, "a text that holds U+0000 or half a surrogate pair; remove it")


_NEVER_IN_TEXT = re.compile("[\0\ud800-\udfff]")
_LARGEST_EXPONENT = 300
_LONGEST_NUMBER = 300
_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_INTEGER = re.compile(r"-?[0-9]+")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,9})?")


def plain_value(text: str) -> Json:
    """What a scalar without quotes means: ``true``, ``false``, ``null``, a JSON number, or else the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        return text
    return int(text) if _INTEGER.fullmatch(text) else Decimal(text)


def shown(value: Json) -> str:
    """``value`` as a message quotes it: text escaped, a number plain, a mapping or list by its type alone; cut where long."""
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    if isinstance(value, str):
        quoted = repr(value[:61])
    else:
        quoted = {True: "true", False: "false", None: "null"}[value] if value is None or isinstance(value, bool) else str(value)
    return f"{quoted[:58]}…" if len(quoted) > 60 else quoted
