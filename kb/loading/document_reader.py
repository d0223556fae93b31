"""One document of a file on its way from plain data to a value: what every kind of document has in common."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from kb.errors import Fault
from kb.loading.yaml_source import Document, Json, Place, shown

if TYPE_CHECKING:
    from pydantic import BaseModel

Parts = Mapping[tuple[str, ...], "type[BaseModel]"]
"""The model of each mapping of a document by the keys that lead to it, list positions left out."""

Model = TypeVar("Model", bound="BaseModel")

_SUGGESTIONS = 100
"""Faults of a file for which the nearest word is looked up; that costs milliseconds each."""


class DocumentReader:
    """Reads one document; adds what is wrong with it to the faults of its file."""

    def __init__(self, path: str, document: Document, place: Place, faults: list[Fault]) -> None:
        self.path, self.document, self.place, self.faults = path, document, place, faults

    def line(self, *place: str | int) -> int:
        """The line of the value at ``place`` of the document."""
        return self.document.line_of((*self.place, *place))

    def fault(self, place: Sequence[str | int], sentence: str) -> None:
        """Note that something is wrong at ``place``."""
        self.faults.append(Fault(self.path, self.line(*place), sentence))

    @property
    def suggests(self) -> bool:
        """Whether a further fault may still come with the nearest word."""
        return len(self.faults) < _SUGGESTIONS

    def shaped(self, value: Json, model: "type[Model]", parts: Parts) -> "Model | None":
        """``value`` as a ``model``; ``None``, with every fault noted, where it has another shape."""
        from pydantic import ValidationError

        try:
            return model.model_validate(value)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                self.fault(detail["loc"], _sentence(detail, parts, suggest=self.suggests))
            return None

    def unique(self, key: Sequence[str | int], ids: Sequence[str]) -> None:
        """Note each of ``ids``, the entries of the list at ``key``, that stands there for the second time."""
        first: dict[str, int] = {}
        for position, node_id in enumerate(ids):
            earlier = first.setdefault(node_id, position)
            if earlier != position:
                line = self.line(*key, earlier)
                self.fault((*key, position), f"{node_id} for the second time; the first is in line {line}")


def _sentence(detail: Any, parts: Parts, *, suggest: bool) -> str:
    """What is wrong and what to do, out of one of pydantic's error details."""
    from kb.loading.catalog_ids import unreadable

    place, kind, given = detail["loc"], detail["type"], detail["input"]
    where = _dotted(place)
    if kind == "missing":
        return f"{where} is missing"
    if kind == "extra_forbidden":
        return _unknown_key(place, parts, suggest=suggest)
    if kind == "catalog_id":
        return f"{where} {unreadable(detail['ctx']['node_kind'], detail['ctx']['text'], suggest=suggest)}"
    if kind == "value_error":
        return f"{where} {detail['ctx']['error']}"
    if kind == "literal_error":
        return f"{where} is {shown(given)}, expected {detail['ctx']['expected']}"
    expected = {
        "string_type": "text; write it in quotes",
        "string_too_short": "text that is not empty",
        "model_type": "a mapping of keys and values",
        "tuple_type": "a list",
        "bool_type": "true or false",
    }
    return f"{where} is {shown(given)}, expected {expected[kind]}"


def _unknown_key(place: Place, parts: Parts, *, suggest: bool) -> str:
    from kb.loading.catalog_ids import nearest
    from kb.model.aivss import factor_key

    *around, key = place
    fields = parts[tuple(step for step in around if isinstance(step, str))].model_fields
    names = [known.alias or name for name, known in fields.items()]
    near = nearest(str(key).lower(), names) if suggest else None
    if around[-1:] == ["scores"]:
        near = factor_key(str(key)[:60]) or near
    remedy = f"did you mean {near!r}?" if near else f"the keys are {', '.join(names)}"
    return f"no key {shown(key)}{f' in {_dotted(around)}' if around else ''}; {remedy}"


def _dotted(place: Sequence[str | int]) -> str:
    """``threats[2].layer``: keys joined by points, list positions from 0."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")
