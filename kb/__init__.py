"""A graph-backed threat knowledge base for AI agents.

The public names are given out lazily, so that ``import kb`` costs nothing until one of them is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.api import KnowledgeBase
    from kb.errors import KbError

__all__ = ["KbError", "KnowledgeBase", "__version__"]

__version__ = "0.1.0"

_HOMES = {"KnowledgeBase": "kb.api", "KbError": "kb.errors"}


def __getattr__(name: str) -> object:
    """The public name ``name``, imported from its home on first use."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'kb' has no attribute {name!r}")
