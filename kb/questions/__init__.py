"""The questions that people ask of a base, as typed functions over any engine; ``docs/questions.md`` describes each.

The tables of all questions are given out lazily: who asks one imports no other.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from kb.questions.parameters import Parameter, Says, parameters

if TYPE_CHECKING:
    from kb.questions.answer import Answer
    from kb.questions.naming import resolve
    from kb.questions.offered import ANALYSES, QUESTIONS

__all__ = ["ANALYSES", "QUESTIONS", "Answer", "Parameter", "Says", "parameters", "resolve"]

_HOMES = {
    "ANALYSES": "kb.questions.offered",
    "Answer": "kb.questions.answer",
    "QUESTIONS": "kb.questions.offered",
    "resolve": "kb.questions.naming",
}


def __getattr__(name: str) -> object:
    """The public name ``name``, imported from its home on first use."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'kb.questions' has no attribute {name!r}")
