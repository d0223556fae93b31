"""``agents_at``: which agents were assessed at a layer."""

from typing import Annotated

from kb.engines.protocol import Engine
from kb.questions.answer import Answer, answer
from kb.questions.facing import ANY, CERTAINTIES, Certainty, System, inheritance, with_via, words
from kb.questions.naming import resolve
from kb.questions.parameters import Says

AtLayer = Annotated[str, Says("The MAESTRO layer, L1 to L7 or XL.", kinds=("Layer",))]


def agents_at(engine: Engine, *, layer: AtLayer, certainty: Certainty = None, system: System = None) -> Answer:
    """The agents of which some document speaks at this layer; one that is absent was not assessed there, which is no "no".

    Rows are ``agent``, ``name``, ``certainty`` (``mapped`` where one document commits itself) and ``documents``, by agent;
    ``via`` names the product that a member has it from.
    """
    layer = resolve(engine, layer, ("Layer",))[1]
    certainties = words("certainty", certainty, CERTAINTIES)
    system = system and resolve(engine, system, ("System",))[1]
    rows = engine.ask("agents_at", {"layer": layer, "certainties": certainties, "system": system})
    return answer(
        engine,
        "agents_at",
        {"layer": layer, "certainty": list(certainties or (ANY,)), "system": system},
        [with_via(row) for row in rows],
        assumptions=inheritance(system),
    )
