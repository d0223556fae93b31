"""The pictures that can be drawn, by what they show."""

import shlex
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from kb.engines.protocol import Engine
from kb.errors import StoreError, UsageError
from kb.questions.pictures.agent import picture_agent
from kb.questions.pictures.cascade import picture_cascade
from kb.questions.pictures.paths import picture_paths
from kb.questions.pictures.picture import Picture
from kb.questions.pictures.plan import picture_plan
from kb.questions.pictures.selection import Frame
from kb.questions.pictures.sketch import MAX_NODES
from kb.questions.pictures.system import only_system, picture_system
from kb.questions.pictures.threat import picture_threat
from kb.questions.watch import Watch

PICTURES: Mapping[str, Callable[..., Picture]] = MappingProxyType(
    {
        "cascade": picture_cascade,
        "paths": picture_paths,
        "agent": picture_agent,
        "threat": picture_threat,
        "system": picture_system,
        "plan": picture_plan,
    }
)
"""Every kind of picture to what makes it."""

_LONG = frozenset({"cascade", "plan", "system"})
"""The kinds that may have to sample worlds."""
_OPTIONS = {"fallen": "--from", "k": "-k"}
"""Parameters whose options are called otherwise."""


def picture(
    engine: Engine, kind: str, *, max_nodes: int = MAX_NODES, collapse: bool = True, watch: Watch | None = None, **how: Any
) -> Picture:
    """The picture ``kind`` of :data:`PICTURES`, which takes ``how``; a system that is not named is the only one.

    It has at most ``max_nodes`` spots; without ``collapse`` agents that are alike stand each for itself. ``watch`` hears how
    far long work is. Raises :class:`~kb.errors.UsageError` for another kind, and as the question does that it draws.
    """
    if kind not in PICTURES:
        near = get_close_matches(kind, PICTURES, n=1)
        raise UsageError(f"no picture {kind!r}", f"did you mean {near[0]!r}?" if near else f"one of {', '.join(PICTURES)}")
    if engine.base is None:
        raise StoreError(engine.location, "nothing has been loaded yet", hint="load something first: kb load PATH")
    frame = Frame(max_nodes, collapse)
    if kind == "system" and not how.get("system"):
        how["system"] = only_system(engine)
    seen = {"watch": watch} if kind in _LONG else {}
    return PICTURES[kind](engine, command=command_of(kind, frame, how), frame=frame, **how, **seen)


def command_of(kind: str, frame: Frame, how: Mapping[str, Any]) -> str:
    """The command line that draws the picture, as a shell takes it."""
    words = ["kb", "map", *_selected(kind, how), *_chosen(kind, how)]
    words += ["--max-nodes", str(frame.max_nodes)] if frame.max_nodes != MAX_NODES else []
    words += [] if frame.collapse else ["--no-collapse"]
    return shlex.join(words)


def _selected(kind: str, how: Mapping[str, Any]) -> list[str]:
    if kind == "paths":
        return ["--paths", how["fallen"], ",".join(how["hit"])]
    if kind == "plan":
        return ["--plan"]
    return [f"--{kind}", how["agent" if kind == "cascade" else kind]]


def _chosen(kind: str, how: Mapping[str, Any]) -> Iterator[str]:
    selecting = {"cascade": {"agent"}, "paths": {"fallen", "hit"}}.get(kind, {kind})
    for name, value in how.items():
        if name in selecting or value is None or (value is False and name != "sever"):
            continue
        if name == "sever" and kind == "plan":
            yield from [] if value else ["--controls-only"]
        elif value is True:
            yield f"--{name.replace('_', '-')}"
        else:
            for one in [value] if isinstance(value, str | int | float) else value:
                yield from (_OPTIONS.get(name, f"--{name.replace('_', '-')}"), str(one))
