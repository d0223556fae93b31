"""Reads a ``.cypher`` file and holds its text to the contract in front of it.

A misspelt label or property is no error in Cypher but an empty answer, so the words of the text are held to the schema
table as well.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn, cast, get_args

from kb.errors import LibraryError
from kb.library.query import Field, FieldType, Order, Query
from kb.model.schema import NODE_KINDS, RELATION_KINDS

_FIELDS = ("asks", "params", "returns", "order")
_SHORTEST_QUESTION = 20

_FIELD = re.compile(r"// ?(\w+):(.*)")
_CONTINUED = re.compile(r"//\s{2,}(\S.*)")
_DECLARED = re.compile(r"(\w+)(?:: (\w+))?")
_ORDERED = re.compile(r"(\w+)( desc)?")
_NOT_CODE = re.compile(r"//[^\n]*|'(?:[^'\\\n]|\\.)*'")
_PARAMETER = re.compile(r"\$(\w+)")
_LABELS = re.compile(r"(?P<open>[(\[])?\s*\w*:(?P<names>\w+(?:\|\w+)*)")
_PROPERTY = re.compile(r"\b[a-z]\w*\.(\w+)")
_RETURN = re.compile(r"\bRETURN\b(?P<columns>.*?)(?=\bORDER BY\b|\Z)", re.DOTALL)
_ALIAS = re.compile(r"(?:.*\bAS\s+)?`?(\w+)`?", re.DOTALL)

_PROPERTIES = frozenset(
    {"id", "key", "assessment"}
    | {prop.name for node_kind in NODE_KINDS.values() for prop in node_kind.properties}
    | {prop.name for relation_kind in RELATION_KINDS.values() for prop in relation_kind.properties}
)


def parse(path: Path) -> Query:
    """The look-up in the file ``path``; raises :class:`~kb.errors.LibraryError` naming ``cypher/<file>:<line>``."""
    return _File(path).query()


class _File:
    """One file while it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        # what is no code becomes blank, so that offsets and lines stay true
        self.code = _NOT_CODE.sub(lambda match: " " * len(match[0]), self.text)
        self.header = self._header()

    def query(self) -> Query:
        asks, asks_line = self.header["asks"]
        if len(asks) < _SHORTEST_QUESTION:
            self._fail(asks_line, f"asks is under {_SHORTEST_QUESTION} characters: {asks!r}")
        params, returns, order = self._declared("params"), self._declared("returns"), self._order()
        self._check_parameters({field.name for field in params})
        self._check_columns([field.name for field in returns])
        self._check_order(order, {field.name for field in returns})
        self._check_words()
        return Query(self.path.stem, asks, params, returns, order, self.text, self.path)

    def _header(self) -> dict[str, tuple[str, int]]:
        """Field name to its text and line."""
        header: dict[str, tuple[str, int]] = {}
        name = ""
        for number, line in enumerate(self.text.splitlines(), start=1):
            if not line.startswith("//"):
                break
            if name and (more := _CONTINUED.fullmatch(line)):
                header[name] = (f"{header[name][0]} {more[1].strip()}", header[name][1])
                continue
            found = _FIELD.fullmatch(line)
            if not found or found[1] not in _FIELDS or found[1] in header:
                self._fail(number, f"expected one of {', '.join(_FIELDS)}, each once, found {line!r}")
            name = found[1]
            header[name] = (found[2].strip(), number)
        for name in _FIELDS:
            if name not in header:
                self._fail(1, f"{name} is missing")
        return header

    def _declared(self, name: str) -> tuple[Field, ...]:
        text, line = self.header[name]
        return tuple(self._field(part, line) for part in _parts(text))

    def _field(self, part: str, line: int) -> Field:
        found = _DECLARED.fullmatch(part)
        if not found or (found[2] or "string") not in get_args(FieldType):
            self._fail(line, f"expected a name or 'name: type' with one of {', '.join(get_args(FieldType))}, found {part!r}")
        return Field(found[1], cast(FieldType, found[2] or "string"))

    def _order(self) -> tuple[Order, ...]:
        text, line = self.header["order"]
        found = [_ORDERED.fullmatch(part) for part in _parts(text)]
        if not found or not all(found):
            self._fail(line, f"expected columns, each with or without ' desc', found {text!r}")
        return tuple(Order(match[1], bool(match[2])) for match in found if match)

    def _check_parameters(self, declared: set[str]) -> None:
        used = {match[1]: match.start() for match in _PARAMETER.finditer(self.code)}
        for name, at in used.items():
            if name not in declared:
                self._fail(self._line(at), f"${name} is used but not declared in params")
        for name in sorted(declared - used.keys()):
            self._fail(self.header["params"][1], f"${name} is declared but never used")

    def _check_columns(self, declared: list[str]) -> None:
        clauses = list(_RETURN.finditer(self.code))
        returned = [_alias(part) for part in _parts(clauses[-1]["columns"])] if clauses else []
        for name in declared:
            if name not in returned:
                self._fail(self.header["returns"][1], f"column {name!r} is declared but never returned")
        if returned != declared:
            at = self._line(clauses[-1].start())
            self._fail(at, f"returns {', '.join(returned)}, but {', '.join(declared)} is declared")

    def _check_order(self, order: tuple[Order, ...], columns: set[str]) -> None:
        line = self.header["order"][1]
        for column, _ in order:
            if column not in columns:
                self._fail(line, f"ordered by {column!r}, which is no column")
        if "ORDER BY" not in self.code:
            self._fail(line, "an order is declared, but there is no ORDER BY")

    def _check_words(self) -> None:
        for match in _LABELS.finditer(self.code):
            known = RELATION_KINDS if match["open"] == "[" else NODE_KINDS
            for name in match["names"].split("|"):
                if name not in known:
                    self._fail(self._line(match.start("names")), f"{name!r} is no kind of the schema")
        for match in _PROPERTY.finditer(self.code):
            if match[1] not in _PROPERTIES:
                self._fail(self._line(match.start()), f"{match[1]!r} is no property of the schema")

    def _line(self, offset: int) -> int:
        return self.text.count("\n", 0, offset) + 1

    def _fail(self, line: int, sentence: str) -> NoReturn:
        raise LibraryError(f"cypher/{self.path.name}:{line}", sentence)


def _parts(text: str) -> Iterator[str]:
    """``text`` cut at the commas that stand in no bracket; empty parts are left out."""
    depth, start = 0, 0
    for at, char in enumerate(text + ","):
        depth += (char in "([{") - (char in ")]}")
        if char == "," and depth == 0:
            if part := text[start:at].strip():
                yield part
            start = at + 1


def _alias(part: str) -> str:
    found = _ALIAS.fullmatch(part.removeprefix("DISTINCT").strip())
    return found[1] if found else part
