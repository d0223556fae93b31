"""What a shell offers for a half-typed word; a store that cannot be read offers nothing."""

import os
from collections.abc import Callable

import typer

from kb.cli.run import DEFAULT_STORE
from kb.errors import KbError


def ids(*kinds: str) -> Callable[[typer.Context, str], list[str]]:
    """A completion of ids of nodes of ``kinds``, from the store that the command line names."""

    def complete(ctx: typer.Context, incomplete: str) -> list[str]:
        from kb.api import KnowledgeBase

        store = ctx.params.get("store") or os.environ.get("KB_STORE") or DEFAULT_STORE
        try:
            with KnowledgeBase.open(store) as base:
                return [row["id"] for kind in kinds for row in base.list(kind) if row["id"].startswith(incomplete)]
        except KbError:
            return []

    return complete


def kinds(incomplete: str) -> list[str]:
    """The kinds of nodes that start like ``incomplete``, in the plural."""
    from kb.questions.listing import PLURALS

    return sorted(kind for kind in PLURALS if kind.startswith(incomplete))
