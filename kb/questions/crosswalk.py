"""``crosswalk``: what other catalogues call a threat."""

from typing import Annotated

from kb.engines.protocol import Engine
from kb.questions.answer import Answer, answer
from kb.questions.facing import CLOSE, Loose
from kb.questions.naming import resolve
from kb.questions.parameters import Says

Mapped = Annotated[str, Says("The threat: T2, ASI02, atlas:AML.T0051 …", kinds=("Threat",))]


def crosswalk(engine: Engine, *, threat: Mapped, loose: Loose = False) -> Answer:
    """The threats that publications set beside this one, one step in both directions; exact and primary ones unless ``loose``.

    Rows are ``from``, ``to``, ``name`` (of the other threat), ``predicate``, ``status``, ``confidence``, ``sources`` and
    ``direction`` (``out`` where this threat is ``from``), by from, to, predicate, status.
    """
    threat = resolve(engine, threat, ("Threat",))[1]
    every = engine.ask("crosswalk", {"threat": threat, "predicates": None})
    rows = [row for row in every if loose or row["predicate"] in CLOSE]
    more = len(every) - len(rows)
    remarks = [f"+{more} contributing, related or unspecified, --loose"] if more else []
    return answer(engine, "crosswalk", {"threat": threat, "loose": loose}, rows, remarks=remarks)
