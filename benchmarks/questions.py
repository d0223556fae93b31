"""How long each question takes on each engine, side by side, on bases of so many agents; ``engines.py`` prints it."""

import os
import random
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from neo4j_load import database

from kb.catalog import catalog
from kb.engines.protocol import Batch, Engine
from kb.engines.registry import open_engine
from kb.library import queries
from kb.model.graph import Node, Relation
from kb.questions import QUESTIONS, parameters

SIZES = (1_000, 10_000)
PORTION = 500
REPEATS = 5
ARGUMENTS = {"agent": "agent-0", "layer": "L3", "threat": "owasp:T2", "target": "owasp:T2"}


def documents(size: int) -> Iterator[tuple[list[Node], list[Relation]]]:
    """For each of ``size`` agents its nodes and what its one document says: as much as a page does."""
    draw, known = random.Random(0), catalog()
    threats = [name for name in known.ids("Threat") if name.startswith(("owasp:T", "llm2025:", "asi:"))]
    controls, factors = known.ids("Mitigation"), [name for name in known.ids("Capability") if name.startswith("aivss:")][:10]
    layers = [name for name in known.ids("Layer") if name != "XL"]
    for number in range(size):
        agent, paper = f"agent-{number}", f"sha256:{number:064x}"
        base = draw.choice([None, round(draw.uniform(4, 10), 1)])
        figures = {"cvss_base": base, "aivss": base, "severity": None if base is None else "High", "factor_sum": 5.0}
        said = {"kind": "page", "series": f"page:{agent}:full", "subject": agent, "parser": "page 1", "in_force": True}
        claims = draw.choice(["hold"] * 9 + ["differ"])
        nodes = [
            Node("Agent", agent, {"form": "product", "name": agent, **figures}),
            Node("Assessment", paper, {**said, "claims": claims}),
        ]
        relations = [Relation("ABOUT", paper, agent, {}, paper, "Agent")]
        relations += [Relation("ASSESSED_AT", agent, layer, {"certainty": "mapped"}, paper) for layer in layers]
        relations += [Relation("HAS_CAPABILITY", agent, factor, {"score": draw.random()}, paper) for factor in factors]
        relations += [Relation("IMPLEMENTS", agent, draw.choice(sorted(controls)), {}, paper)]
        for threat in draw.sample(threats, 8):
            words = {"quotes": ("it may",), "places": (f"{agent}.txt:3",), "certainty": "mapped", "polarity": "stated"}
            relations.append(
                Relation("FACES", agent, threat, {"origin": "stated", "layer": draw.choice(layers), **words}, paper)
            )
        yield nodes, relations


def fill(engine: Engine, size: int) -> None:
    """Make ``engine`` hold a base of ``size`` agents and nothing else."""
    engine.clear()
    engine.write(Batch(catalog=catalog().content))
    drawn = documents(size)
    while portion := list(islice(drawn, PORTION)):
        nodes = [node for some, _ in portion for node in some]
        engine.write(Batch(nodes=nodes, relations=[relation for _, some in portion for relation in some]))


def milliseconds(engine: Engine, name: str) -> float:
    """The median time of an answer to the question ``name``, after one to warm up."""
    given = {parameter.name: ARGUMENTS[parameter.name] for parameter in parameters(QUESTIONS[name]) if parameter.required}
    taken = []
    for _ in range(1 + REPEATS):
        start = time.perf_counter()
        QUESTIONS[name](engine, **given)
        taken.append(1000 * (time.perf_counter() - start))
    return median(taken[1:])


def side_by_side() -> None:
    """Print a row for each question with its times on each engine and size."""
    times: dict[str, list[float]] = {name: [] for name in queries()}
    with database() as address, TemporaryDirectory() as folder:
        os.environ.update(address.environment())
        for size in SIZES:
            for location in (str(Path(folder, f"{size}.db")), address.uri):
                with open_engine(location, mode="write") as engine:
                    fill(engine, size)
                    for name, row in times.items():
                        row.append(milliseconds(engine, name))
    print(f"{'milliseconds':20}" + "".join(f"{engine:>12}" for _ in SIZES for engine in ("embedded", "neo4j")))
    print(f"{'agents':20}" + "".join(f"{size:>12,}" for size in SIZES for _ in range(2)))
    for name, row in times.items():
        print(f"{name:20}" + "".join(f"{taken:>12.1f}" for taken in row))
