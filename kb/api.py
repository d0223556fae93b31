"""The knowledge base as one object: what the command line does, for programs."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

if TYPE_CHECKING:
    import networkx

    from kb.engines.protocol import Engine, Table
    from kb.loading.report import ForgetReport, LoadReport, Progress
    from kb.loading.transfer import TransferReport
    from kb.questions.answer import Answer
    from kb.questions.pictures.picture import Picture


class KnowledgeBase:
    """An open base. Use it as a context manager; ids may be given in their short forms wherever one is asked for."""

    def __init__(self, engine: "Engine") -> None:
        self.engine = engine

    @classmethod
    def open(cls, store: str | Path = "kb.db", *, mode: Literal["read", "write"] = "read") -> Self:
        """The base at ``store``, a path or the address of a server.

        A reader raises :class:`~kb.errors.StoreError` where there is none; a writer makes it with the first write.
        """
        from kb.engines.registry import open_engine

        return cls(open_engine(str(store), mode=mode))

    def load(
        self,
        paths: str | Path | Sequence[str | Path] = (),
        *,
        seeds: bool = False,
        sync: str | Path | None = None,
        reinfer: bool = False,
        progress: "Progress | None" = None,
    ) -> "LoadReport":
        """Load files and folders, and with ``seeds`` the assessments and systems that travel with the package.

        With ``sync`` (a folder, loaded too) documents that came from it and are no longer there are forgotten. Faulty files
        are left out and reported, not raised.
        """
        from kb.catalog import catalog
        from kb.loading.loader import load

        return load(
            self.engine,
            catalog(),
            _each(paths),
            seeds=seeds,
            sync=None if sync is None else str(sync),
            reinfer=reinfer,
            progress=progress,
        )

    def forget(self, targets: str | Path | Sequence[str | Path]) -> "ForgetReport":
        """Withdraw documents, named by id or by the path they came from."""
        from kb.catalog import catalog
        from kb.loading.forgetting import forget

        return forget(self.engine, catalog(), _each(targets))

    def list(self, kind: str) -> list[dict[str, Any]]:
        """``{"id", "name", "form"?}`` of every node of ``kind`` (singular or plural, any case), by id."""
        from kb.questions.listing import list_nodes

        return list_nodes(self.engine, kind)

    def show(self, text: str) -> dict[str, Any]:
        """All that the base knows of one node."""
        from kb.questions.profile import profile

        return profile(self.engine, text)

    def ask(self, question: str, **params: Any) -> "Answer":
        """The answer to the question of that name, dashes or underscores; raises :class:`~kb.errors.UsageError` for others."""
        from difflib import get_close_matches

        from kb.errors import UsageError
        from kb.questions import ANALYSES, QUESTIONS

        stem = question.replace("-", "_")
        known = {**QUESTIONS, **ANALYSES}
        if stem not in known:
            near = get_close_matches(stem, known, n=1)
            raise UsageError(f"no question {question!r}", f"did you mean {near[0]!r}?" if near else "see `kb ask --list`")
        return known[stem](self.engine, **params)

    def push(self, store: str | Path, *, withdraw: bool = False, progress: "Progress | None" = None) -> "TransferReport":
        """Make the base at ``store`` equal to this one.

        One that holds documents which this base has not is refused with :class:`~kb.errors.StoreError`, unless it may
        ``withdraw`` them.
        """
        from kb.engines.registry import open_engine
        from kb.loading.transfer import transfer

        with open_engine(str(store), mode="write") as target:
            return transfer(self.engine, target, withdraw=withdraw, progress=progress)

    def pull(self, store: str | Path, *, withdraw: bool = False, progress: "Progress | None" = None) -> "TransferReport":
        """Make this base equal to the one at ``store``; what it holds beside that is refused as for :meth:`push`."""
        from kb.engines.registry import open_engine
        from kb.loading.transfer import transfer

        with open_engine(str(store), mode="read") as source:
            return transfer(source, self.engine, withdraw=withdraw, progress=progress)

    def cypher(self, text: str, **params: Any) -> "Table":
        """The rows of the look-up called ``text``, or, on a Neo4j server, of Cypher that only reads."""
        from kb.engines.cypher import names, run_named, run_text

        run = run_named if text in names() else run_text
        return run(self.engine, text, params)

    def cascade(self, agent: str, **how: Any) -> dict[str, Any]:
        """Who falls when ``agent`` does; ``how`` as :func:`kb.questions.cascade.cascade` takes it."""
        from kb.questions.cascade import cascade

        return cascade(self.engine, agent, **how)

    def cascade_into(self, agent: str, **how: Any) -> dict[str, Any]:
        """How likely each other agent takes ``agent`` along."""
        from kb.questions.cascade_into import cascade_into

        return cascade_into(self.engine, agent, **how)

    def paths(self, fallen: str, hit: Sequence[str], **how: Any) -> dict[str, Any]:
        """The most likely chains of trust from ``fallen`` to one of ``hit``."""
        from kb.questions.paths import paths

        return paths(self.engine, fallen, hit, **how)

    def plan(self, budget: int, **how: Any) -> dict[str, Any]:
        """The at most ``budget`` controls and severed relations of trust that lower the expected loss most."""
        from kb.questions.plan import plan

        return plan(self.engine, budget, **how)

    def picture(self, kind: str, *, max_nodes: int = 150, collapse: bool = True, **how: Any) -> "Picture":
        """What ``kb map`` draws: ``cascade``, ``paths``, ``agent``, ``threat``, ``system`` or ``plan``.

        ``how`` is what the function of that kind in :data:`kb.questions.pictures.kinds.PICTURES` takes.
        """
        from kb.questions.pictures.kinds import picture

        return picture(self.engine, kind, max_nodes=max_nodes, collapse=collapse, **how)

    def report(self, agents: Sequence[str] = (), *, system: str | None = None, **how: Any) -> dict[str, Any]:
        """All that a report on ``system``, or on ``agents``, holds; ``how`` as the question ``report`` takes it."""
        from kb.questions.reports.report import report

        return report(self.engine, system=system, agents=agents, **how)

    def diff(self, after: "KnowledgeBase", *, fallen: str | None = None) -> dict[str, Any]:
        """What came, went and changed from this base to ``after``; with ``fallen``, an agent, also in its cascades."""
        from kb.questions.diff import diff

        return diff(self.engine, after.engine, fallen=fallen)

    def diff_of_agent(self, agent: str) -> dict[str, Any]:
        """What superseded documents asserted of ``agent`` beside what holds now."""
        from kb.questions.diff import diff_of_agent

        return diff_of_agent(self.engine, agent)

    def to_networkx(self) -> "networkx.MultiDiGraph[tuple[str, str]]":
        """The whole graph in force as networkx knows it: nodes ``(kind, id)``, relations by ``key`` with ``kind``.

        For bases that fit in memory; questions do not need it.
        """
        from kb.questions.extraction import to_networkx

        return to_networkx(self.engine)

    def close(self) -> None:
        """Let go of files and connections."""
        self.engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def _each(paths: str | Path | Sequence[str | Path]) -> "list[str]":
    """``paths`` as texts; one alone is not taken for a sequence of letters."""
    return [str(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
