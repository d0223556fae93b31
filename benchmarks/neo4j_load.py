"""How fast relations go into Neo4j by our engine, beside one MERGE per row and beside a batch written by hand for this alone.

Run with ``python benchmarks/neo4j_load.py``. All go to the same server in the same run, which is started for it unless
``NEO4J_URI`` names one; compare the ratios. It takes databases as the tests do: empty, or carrying their marker.
"""

import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from neo4j import Driver, ManagedTransaction

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from kb.engines.neo4j.engine import Neo4jEngine
from kb.engines.protocol import Batch
from kb.model.graph import Node, Relation
from server.fixtures import Address, address_of, claim, named_address
from server.launch import Neo4jServer

AGENTS, RELATIONS, SINGLE, ROUNDS = 5_000, 20_000, 1_000, 5
BATCH = 5_000

SINGLE_ROW = """
MATCH (s:Agent {id: $source})
MATCH (t:Agent {id: $target})
MERGE (s)-[r:TRUSTS {key: $key}]->(t)
SET r += $properties
"""

BY_HAND = f"UNWIND $rows AS row{SINGLE_ROW}".replace("$source", "row.source").replace("$target", "row.target")
BY_HAND = BY_HAND.replace("$key", "row.key").replace("$properties", "row.properties")


@contextmanager
def database() -> Iterator[Address]:
    """A database that may be filled: the one that the environment names, or a server of our own, compiling at its best."""
    named = named_address()
    if named:
        claim(named)
        yield named
    else:
        with Neo4jServer.start(java_options=["-XX:TieredStopAtLevel=4"]) as server:
            address = address_of(server)
            claim(address)
            yield address


def trusts(draw: random.Random, agents: list[Node], many: int, document: str = "sha256:0") -> list[Relation]:
    """Relations of one document between random agents, none twice."""
    wiring = {"channel": "delegation", "flow": "forward", "over": "message", "strength": 0.5, "authenticated": True}
    pairs = {(source.id, target.id): None for source, target in (draw.sample(agents, 2) for _ in range(many))}
    return [
        Relation("TRUSTS", source, target, {**wiring, "places": (f"system.yaml:{line}",)}, document)
        for line, (source, target) in enumerate(pairs)
    ]


def rate(relations: list[Relation], work: Callable[[list[Relation]], object]) -> float:
    """Rows a second."""
    start = time.perf_counter()
    work(relations)
    return len(relations) / (time.perf_counter() - start)


def as_map(relation: Relation) -> dict[str, object]:
    """``relation`` as people write the rows of a batch."""
    given = {name: list(value) if isinstance(value, tuple) else value for name, value in relation.properties.items()}
    ends = {"source": relation.source, "target": relation.target, "key": relation.key}
    return {**ends, "properties": {**given, "assessment": relation.assessment}}


def one_by_one(driver: Driver, address: Address, relations: list[Relation]) -> None:
    """One MERGE a row, each committed by itself."""
    with driver.session(database=address.database) as session:
        for relation in relations:
            session.run(SINGLE_ROW, as_map(relation)).consume()


def by_hand(driver: Driver, address: Address, relations: list[Relation]) -> None:
    """Whole batches in one transaction, with nothing but the statement."""

    def work(transaction: ManagedTransaction) -> None:
        for start in range(0, len(relations), BATCH):
            rows = [as_map(relation) for relation in relations[start : start + BATCH]]
            transaction.run(BY_HAND, rows=rows).consume()

    with driver.session(database=address.database) as session:
        session.execute_write(work)


def main() -> None:
    """Print the figures."""
    draw = random.Random(0)
    agents = [Node("Agent", f"system/agent-{number}", {"form": "deployed"}) for number in range(AGENTS)]
    said = {"kind": "system", "series": "system:s", "subject": "s", "parser": "system 1", "in_force": True}
    with database() as address, address.driver() as driver:
        os.environ.update(address.environment())
        for indexed in (True, False):
            with Neo4jEngine(address.uri, mode="write") as engine:
                engine.clear()
                engine.write(Batch(nodes=[*agents, *(Node("Assessment", f"sha256:{number}", said) for number in (0, 1))]))
                if not indexed:
                    driver.execute_query("DROP INDEX trusts_assessment", database_=address.database)
                rates: dict[str, list[float]] = {"ours": [], "by hand": [], "one by one": []}
                for _ in range(ROUNDS):
                    rates["ours"].append(
                        rate(trusts(draw, agents, RELATIONS), lambda some: engine.write(Batch(relations=some)))
                    )
                    rates["by hand"].append(rate(trusts(draw, agents, RELATIONS), lambda some: by_hand(driver, address, some)))
                    rates["one by one"].append(
                        rate(trusts(draw, agents, SINGLE), lambda some: one_by_one(driver, address, some))
                    )
                report(rates, indexed)
                engine.write(Batch(relations=trusts(draw, agents, RELATIONS, "sha256:1")))
                start = time.perf_counter()
                engine.write(Batch(retire=["sha256:1"]))
                print(f"  retiring a document with {RELATIONS:,} of them: {time.perf_counter() - start:.1f} s")


def report(rates: dict[str, list[float]], indexed: bool) -> None:
    """Print the median rates, warmed up, and their ratios."""
    ours, hand, single = (median(rates[name][1:]) for name in ("ours", "by hand", "one by one"))
    print(f"{'with' if indexed else 'without'} the index of relations by document")
    print(f"  ours {ours:,.0f} rows a second, by hand {hand:,.0f}, one MERGE a transaction {single:,.0f}")
    print(f"  ours is {ours / single:.1f} times one by one, {ours / hand:.2f} times by hand")


if __name__ == "__main__":
    main()
