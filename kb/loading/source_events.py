"""YAML and JSON files as one stream of events, each with its line.

YAML comes from libyaml's event parser, so that nothing is ever expanded. JSON has a reader of its own, because YAML rejects
escapes that JSON programs write; the standard library judges its syntax, tokens give the lines.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple


class Event(NamedTuple):
    """One step of reading.

    The kinds: ``map``, ``list`` and ``scalar`` begin a value, ``bad`` is a value that cannot be kept, ``end`` closes a mapping
    or list, ``document`` ends a document, ``fault`` is no value at all.
    """

    kind: str
    line: int
    text: str = ""
    """The characters of a scalar; of ``bad`` and ``fault`` the sentence that says what is wrong."""
    plain: bool = False
    """Whether a scalar stands without quotes."""


_TAG_DIRECTIVE = re.compile(r"^%TAG\b", re.MULTILINE)
_STARTS = {"MappingStartEvent": "map", "SequenceStartEvent": "list", "ScalarEvent": "scalar"}
_ENDS = {"MappingEndEvent": "end", "SequenceEndEvent": "end", "DocumentEndEvent": "document"}


def yaml_events(text: str) -> Iterator[Event]:
    """The events of a YAML file; the first thing that is no YAML ends them with a fault."""
    import yaml

    # libyaml compares every directive with all before it, which takes minutes where a file has a million.
    if directive := _TAG_DIRECTIVE.search(text):
        yield Event("fault", text.count("\n", 0, directive.start()) + 1, "the directive %TAG; remove it, tags are not read")
        return
    try:
        event: Any
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            name, line = type(event).__name__, event.start_mark.line + 1
            if name in _ENDS:
                yield Event(_ENDS[name], line)
            elif name == "AliasEvent":
                yield Event("bad", line, f"the alias *{event.anchor:.40}; write the value out")
            elif name in _STARTS:
                yield from _forbidden_marks(event, line)
                yield Event(_STARTS[name], line, getattr(event, "value", ""), plain=not getattr(event, "style", None))
    except yaml.reader.ReaderError as error:
        before = text.encode()[: error.position].decode("utf-8", "ignore")
        yield Event("fault", before.count("\n") + 1, f"U+{error.character:04X} has no place in YAML; remove it")
    except yaml.MarkedYAMLError as error:
        yield _syntax_fault(error)


def _syntax_fault(error: Any) -> Event:
    """Where it is wrong; for brackets and quotes that are not closed the line where they open, which is where to look."""
    found, begun = error.problem_mark or error.context_mark, error.context_mark
    line = found.line + 1 if found else 0
    problem = error.problem or error.context
    if begun and begun.line + 1 != line and ("flow" in error.context or "quoted" in error.context):
        return Event("fault", begun.line + 1, f"not YAML: {error.context}, {problem} up to line {line}")
    return Event("fault", line, f"not YAML: {problem}")


def _forbidden_marks(event: Any, line: int) -> Iterator[Event]:
    if event.anchor is not None:
        yield Event("fault", line, f"the anchor &{event.anchor:.40}; write the value out where it is needed")
    if event.tag is not None:
        tag = event.tag.replace("tag:yaml.org,2002:", "!!")
        yield Event("fault", line, f"the tag {tag:.40}; remove it, values are text, numbers, true, false and null")


_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\]]|[^\s{}\[\]",:]++|\n')


def json_events(text: str, *, strict: bool) -> Iterator[Event] | None:
    """The events of the one JSON document that ``text`` is; ``None`` where it is none, or with ``strict`` a fault."""
    try:
        json.loads(text, parse_int=str, parse_float=str)
    except RecursionError:
        return iter([Event("fault", 1, "nested too deep")])
    except json.JSONDecodeError as error:
        return iter([Event("fault", error.lineno, f"not JSON: {error.msg}")]) if strict else None
    return _json_parts(text)


def _json_parts(text: str) -> Iterator[Event]:
    line = 1
    for match in _TOKEN.finditer(text):
        part = match[0]
        if part == "\n":
            line += 1
        elif part in "{[":
            yield Event("map" if part == "{" else "list", line)
        elif part in "}]":
            yield Event("end", line)
        elif part[0] == '"':
            yield Event("scalar", line, json.loads(part))
        elif part in ("NaN", "Infinity", "-Infinity"):
            yield Event("bad", line, f"{part} is no number; leave out what is unknown")
        else:
            yield Event("scalar", line, part, plain=True)
    yield Event("document", line)
