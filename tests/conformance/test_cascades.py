"""Every engine gives the same whole answer about what spreads: on worked systems, on a large one, and on any small one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from generated import PRODUCTS, SERVERS, system_of
from inputs import put, state
from kb.api import KnowledgeBase
from kb.catalog import Catalog, catalog
from kb.engines.protocol import Engine
from kb.engines.registry import open_engine
from kb.errors import UsageError
from kb.loading.loader import load
from kb.model.graph import CatalogContent
from kb.questions import ANALYSES
from kb.questions.cascade import cascade
from kb.questions.diff import diff, diff_of_agent
from kb.questions.paths import paths
from kb.questions.plan import plan
from oracle.cascade import Described
from oracle.wirings import wirings
from systems import member, write_system

SEEDS = Path(__file__).parents[2] / "seeds"
LARGE = 60
SAMPLES = 1024
FEWER = 256

ASKED = {  # system to who falls, and who is to be kept
    "claims-line": ("claims-line/intake", "claims-line/payout"),
    "research-crew": ("research-crew/searcher", "research-crew/writer"),
    "support-desk": ("support-desk/answers", "support-desk/payments"),
    "ticket-to-merge": ("ticket-to-merge/planner", "ticket-to-merge/reviewer"),
    "generated": ("generated/a0", "generated/a40"),
}


def nodes_alone() -> Catalog:
    """The catalogue without its relations: cascades read those as the package has them, and a new base is quickly there."""
    full = catalog()
    return replace(full, content=CatalogContent("nodes", full.content.nodes, ()))


@contextmanager
def embedded() -> Iterator[Engine]:
    with TemporaryDirectory() as folder, open_engine(str(Path(folder) / "kb.db"), mode="write") as engine:
        yield engine


def documents(folder: Path) -> list[str]:
    """The four worked systems, one of sixty agents, and every product that they are made with."""
    systems = sorted(map(str, (SEEDS / "systems").glob("*.yaml")))
    text = "".join(Path(path).read_text(encoding="utf-8") for path in systems)
    known = [path for path in (SEEDS / "assessments").glob("*.yaml") if f"based_on: {path.stem}" in text]
    known += [SEEDS / "assessments" / f"{name}.yaml" for name in (*PRODUCTS, *SERVERS)]
    return [*map(str, sorted(set(known))), *systems, *put(folder, {"generated.yaml": system_of(LARGE)})]


def questions(system: str, fallen: str, hit: str) -> dict[str, Callable[[Engine], Any]]:
    """What is asked of one system, by a name for it; what costs a cascade for each member, of one of the small ones."""
    asked: dict[str, Callable[[Engine], Any]] = {
        "monte-carlo": lambda engine: cascade(engine, fallen, method="monte-carlo", samples=SAMPLES),
        "outside": lambda engine: cascade(engine, "outside", system=system, method="chain"),
        "paths": lambda engine: paths(engine, fallen, [hit], k=3),
        "choke-points": lambda engine: ANALYSES["choke_points"](engine, hit=hit, fallen=fallen),
    }
    if system == "claims-line":
        asked["exact"] = lambda engine: cascade(engine, fallen, method="exact")
        asked["plan"] = lambda engine: plan(engine, 2, fallen=fallen, protect=[hit], samples=FEWER)
        asked["what-if"] = lambda engine: cascade(engine, fallen, method="chain", given=[f"owasp:P1.1@{hit}"])
    if system == "ticket-to-merge":
        asked["into"] = lambda engine: KnowledgeBase(engine).cascade_into(hit, method="chain")
        asked["blast-ranking"] = lambda engine: ANALYSES["blast_ranking"](engine, system=system, method="chain")
    if system == "generated":
        asked["plan"] = lambda engine: plan(engine, 2, fallen=fallen, protect=[hit], samples=FEWER)
        asked["short"] = lambda engine: cascade(engine, fallen, method="chain", max_hops=2)
    return asked


def test_every_answer_about_the_worked_systems_and_a_large_one_is_the_same(engine: Engine, tmp_path: Path) -> None:
    files = documents(tmp_path)
    load(engine, nodes_alone(), files)
    with embedded() as expected:
        load(expected, nodes_alone(), files[::-1])
        for system, (fallen, hit) in ASKED.items():
            for name, ask in questions(system, fallen, hit).items():
                answer = ask(engine)
                assert (system, name, answer) == (system, name, ask(expected))
                assert answer["reached"] if name in ("monte-carlo", "outside", "exact") else answer
        load(expected, nodes_alone(), put(tmp_path, {"claims.yaml": CLAIMS_NOW}))
        there = diff(engine, expected, fallen="claims-line/intake")
        assert there["cascade"]["moved"]
        load(engine, nodes_alone(), [str(tmp_path / "claims.yaml")])
        assert diff_of_agent(engine, "claims-line/intake") == diff_of_agent(expected, "claims-line/intake")
        assert state(engine) == state(expected)


CLAIMS_NOW = """\
kind: system
id: claims-line
source: {as_of: 2030-01-01}
agents:
  - {id: intake, entry: true, faces: [{threat: owasp:T6, susceptibility: 0.9}]}
  - {id: archivist}
integrations:
  - {from: intake, to: archivist, channel: message, forward: 0.9}
"""
"""A newer document of a worked system: what the older one said leaves the graph."""


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(wirings(), st.sampled_from("bcd"))
def test_every_answer_about_any_small_system_is_the_same(engine: Engine, system: Described, hit: str) -> None:
    assume(member(hit) in system.agents)
    engine.clear()
    with embedded() as expected:
        for one in (engine, expected):
            write_system(one, system.relations, infer=system.infer, members=system.members)
        for ask in (
            lambda one: cascade(one, "v/a", method="monte-carlo", samples=SAMPLES, floor=0.0),
            lambda one: paths(one, "v/a", [member(hit)]),
            lambda one: ANALYSES["choke_points"](one, hit=member(hit), fallen="v/a"),
        ):
            assert answered(ask, engine) == answered(ask, expected)


def answered(ask: Callable[[Engine], Any], engine: Engine) -> Any:
    try:
        return ask(engine)
    except UsageError as refused:  # nothing can start anywhere
        return str(refused), refused.hint
