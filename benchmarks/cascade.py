"""How long a cascade takes, beside what people would write instead, on the same graphs in the same run.

A cold ``kb cascade`` is set beside a cold process that pours all trust into networkx and runs Dijkstra, Monte Carlo beside a
plain Python sampler and NDlib (group ``benchmarks``) at equal sample counts, and on a small graph the search beside pure Cypher
on a real server. Run with ``python benchmarks/cascade.py [AGENTS …]``; compare the ratios, which but for the server's are of
processor time: a busy machine changes that least. Every agent trusts ten others, chosen evenly or by how many trust them
already; trust is weak (a fall takes few along) or, in the smallest graphs, strong as well (most falls take most along).
"""

import importlib.util
import json
import os
import random
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from neo4j_load import database

from kb.engines.neo4j.engine import Neo4jEngine
from kb.engines.registry import open_engine
from kb.model.graph import Relation
from kb.questions.kernels.exposure import Expansion, Wanted, build
from kb.questions.kernels.exposure_graph import exposure
from kb.questions.kernels.likelihood import Estimate, Goal, estimate
from kb.questions.kernels.worlds import Worlds
from systems import independent, member, write_system

SIZES = (1_000, 10_000, 100_000)
RELATIONS = 10
WEAK, STRONG = (0.01, 0.15), (0.05, 0.25)
"""Ends of the even distribution of strengths."""
SAMPLES = 65_536
STRONG_SAMPLES = 4_096
NDLIB_RUNS = 200
"""What is tried of NDlib's, which takes as long for every world."""
CYPHER_MOST = 1_000
"""Agents of the largest graph that Cypher is asked to trace in."""
CYPHER = Path(__file__).parents[1] / "cypher" / "browser" / "cascade_from.cypher"
THREAT = "owasp:T12"
ROUNDS = 3

LIBRARIES = "import typer, pydantic, numpy"
NETWORKX = """
import math, sqlite3, sys, networkx
connection = sqlite3.connect(sys.argv[1])
graph = networkx.DiGraph()
graph.add_weighted_edges_from(
    (trusted, truster, -math.log(p))
    for truster, trusted, p in connection.execute("SELECT source, target, strength FROM trusts")
)
start = connection.execute("SELECT pk FROM node WHERE kind = 'Agent' AND id = ?", (sys.argv[2],)).fetchone()[0]
print(len(networkx.single_source_dijkstra_path_length(graph, start, cutoff=-math.log(0.001), weight="weight")) - 1)
"""


class Cold(NamedTuple):
    """A process of its own: median seconds, least processor time, greatest peak of memory in MiB, and what it printed."""

    seconds: float
    work: float
    peak: float
    printed: str


LAUNCHER = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, text=True, check=True)
taken, used = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([taken, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, done.stdout]))
"""
"""Starts a process from a small one: a child's peak of memory begins with that of the process that it was forked from."""


def cold(*words: str) -> Cold:
    """What ``python`` with ``words`` takes."""
    command = [sys.executable, "-c", LAUNCHER, sys.executable, *words]
    compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = [json.loads(subprocess.check_output(command, env=compiled)) for _ in range(ROUNDS + 1)][1:]
    return Cold(median(one[0] for one in done), min(one[1] for one in done), max(one[2] for one in done), done[0][3])


def evenly(draw: random.Random, size: int) -> Iterator[tuple[int, int]]:
    """(truster, trusted) with every trusted agent as likely as any other."""
    for truster in range(size):
        for trusted in draw.sample(range(size), RELATIONS):
            if trusted != truster:
                yield truster, trusted


def by_power_law(draw: random.Random, size: int) -> Iterator[tuple[int, int]]:
    """(truster, trusted) where those are trusted who are trusted already, as in preferential attachment."""
    chosen = list(range(RELATIONS + 1))
    for truster in range(RELATIONS + 1, size):
        some = {draw.choice(chosen) for _ in range(RELATIONS)}
        yield from ((truster, trusted) for trusted in sorted(some))
        chosen += [truster, *sorted(some)]


LAWS = {"power-law": by_power_law, "uniform": evenly}


def fill(
    path: Path, pairs: Iterator[tuple[int, int]], draw: random.Random, strengths: tuple[float, float] = WEAK
) -> tuple[str, list[Relation]]:
    """Write the graph to ``path``; the id of an agent that ten others trust, or as near as there is, and the relations."""
    edges = [(f"a{trusted}", f"a{truster}", round(draw.uniform(*strengths), 4)) for truster, trusted in pairs]
    trusters: dict[str, int] = {}
    for trusted, _, _ in edges:
        trusters[trusted] = trusters.get(trusted, 0) + 1
    relations = independent(edges)
    with open_engine(str(path), mode="write") as engine:
        write_system(engine, relations)
    return member(min(trusters, key=lambda name: (abs(trusters[name] - RELATIONS), name))), relations


def expanded(path: Path, start: str) -> tuple[Expansion, float]:
    """What ``start`` reaches, and the seconds that it takes to find that in an open base."""
    with open_engine(str(path), mode="read") as engine:
        begin = time.perf_counter()
        expansion = build(engine, [exposure(start, THREAT)], Wanted())
        return expansion, time.perf_counter() - begin


def seconds(work: Callable[[], object]) -> float:
    """The processor time that ``work`` takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


Outgoing = Mapping[str, list[tuple[str, float]]]


def sample_plainly(outgoing: Outgoing, start: str, samples: int) -> dict[str, int]:
    """In how many of ``samples`` worlds each agent falls: a search in breadth for each, as a text book has it."""
    draw, hits = random.Random(0).random, dict.fromkeys(outgoing, 0)
    for _ in range(samples):
        fallen, waiting = {start}, deque([start])
        while waiting:
            for other, p in outgoing.get(waiting.popleft(), ()):
                if other not in fallen and draw() < p:
                    fallen.add(other)
                    waiting.append(other)
                    hits[other] = hits.get(other, 0) + 1
    return hits


def sample_by_ndlib(outgoing: Outgoing, start: str, runs: int) -> None:
    """``runs`` independent cascades as NDlib simulates them."""
    import networkx
    from ndlib.models.epidemics import IndependentCascadesModel
    from ndlib.models.ModelConfig import Configuration

    graph = networkx.DiGraph((one, other) for one, ends in outgoing.items() for other, _ in ends)
    model, how = IndependentCascadesModel(graph), Configuration()
    how.add_model_initial_configuration("Infected", [start])
    for one, ends in outgoing.items():
        for other, p in ends:
            how.add_edge_configuration("threshold", (one, other), p)
    model.set_initial_status(how)
    for _ in range(runs):
        model.reset([start])
        while model.iteration(node_status=False)["node_count"][1]:
            pass


def monte_carlo(expansion: Expansion, start: str, samples: int) -> None:
    """Print what ours, a plain sampler and NDlib take for as many worlds of what was reached."""
    graph = expansion.graph
    goals = [Goal((agent, "falls"), tuple(graph.exposures(agent))) for agent in graph.agents() if agent != start]
    outgoing: dict[str, list[tuple[str, float]]] = {}
    for arc in graph.arcs:
        if arc.source[0] == "out" and arc.target[1] != start:
            outgoing.setdefault(arc.source[1], []).append((arc.target[1], arc.probability))
    weights = {goal.name: 1.0 for goal in goals}
    found: list[Mapping[tuple[str, str], Estimate]] = []
    hits: list[dict[str, int]] = []
    ours = min(
        seconds(lambda: found.append(estimate(graph, goals, weights, "monte-carlo", Worlds(samples))[2])) for _ in range(ROUNDS)
    )
    plain = seconds(lambda: hits.append(sample_plainly(outgoing, start, samples)))
    apart = max(abs(found[0][name].value - hits[0].get(name[0], 0) / samples) for name in weights)
    print(f"  {samples} worlds: ours {ours:.3f} s, plain Python {plain:.3f} s, {plain / ours:.1f} times; apart {apart:.4f}")
    if importlib.util.find_spec("ndlib") is not None:
        sample_by_ndlib(outgoing, start, 1)  # so that its import is not counted
        theirs = seconds(lambda: sample_by_ndlib(outgoing, start, NDLIB_RUNS)) * samples / NDLIB_RUNS
        print(f"    NDlib {theirs:.1f} s by {NDLIB_RUNS} of them, {theirs / ours:.0f} times")


def trace_in_cypher(relations: list[Relation], start: str) -> None:
    """Print what it takes a server to trace chains of at most five steps, warmed up, and a cascade of ours on it."""
    environment = dict(os.environ)
    with database() as address, address.driver() as driver:
        os.environ.update(address.environment())
        with Neo4jEngine(address.uri, mode="write") as engine:
            engine.clear()
            write_system(engine, relations)
            taken, found = [], 0
            for _ in range(ROUNDS):
                begin = time.perf_counter()
                found = len(driver.execute_query(CYPHER.read_text(), fallen=start, database_=address.database).records)
                taken.append(time.perf_counter() - begin)
            searched, reached = [], []
            for _ in range(ROUNDS):
                begin = time.perf_counter()
                reached = build(engine, [exposure(start, THREAT)], Wanted()).graph.agents()
                searched.append(time.perf_counter() - begin)
            ours = min(searched)
    os.environ.clear()
    os.environ.update(environment)
    print(f"  pure Cypher on a server, 5 steps at most: {min(taken):.2f} s, {found} agents")
    print(f"  our search on that server, any depth: {ours:.2f} s, {len(reached) - 1} agents, {min(taken) / ours:.0f} times")


def bandwidth() -> float:
    """Bytes a second that a copy in memory moves, reading and writing."""
    import numpy

    source = numpy.ones(1 << 25, numpy.uint64)
    return 2 * source.nbytes / min(seconds(source.copy) for _ in range(3))


def compare(size: int, law: str, libraries: Cold, rate: float) -> None:
    """Print the figures of one graph."""
    draw = random.Random(size)
    pairs = LAWS[law](draw, size)
    with TemporaryDirectory() as folder:
        path = Path(folder, "kb.db")
        start, relations = fill(path, pairs, draw)
        kb = ("-m", "kb", "cascade", start, "--store", str(path), "--threat", THREAT, "-q", "-f", "json", "--method")
        chains, poured = cold(*kb, "chain"), cold("-c", NETWORKX, str(path), start)
        sampled = cold(*kb, "monte-carlo", "--samples", str(SAMPLES))
        expansion, work = expanded(path, start)
        row_size = path.stat().st_size / (size * RELATIONS)
    reached = len(json.loads(chains.printed)["reached"])
    touched = sum(arc.source[0] == "out" for arc in expansion.graph.arcs)
    print(f"\n{size:,} agents, {law}: {reached} reached (networkx: {poured.printed.strip()}), {touched} trusts touched")
    print(f"  cold kb cascade, chain        {chains.seconds:8.2f} s {chains.work:8.2f} s {chains.peak:8.0f} MiB")
    print(f"  cold kb cascade, monte-carlo  {sampled.seconds:8.2f} s {sampled.work:8.2f} s {sampled.peak:8.0f} MiB")
    print(f"  cold networkx and Dijkstra    {poured.seconds:8.2f} s {poured.work:8.2f} s {poured.peak:8.0f} MiB")
    print(f"  kb / libraries {chains.work / libraries.work:.2f}, networkx / kb {poured.work / chains.work:.1f}")
    limit = touched * row_size / rate
    print(
        f"  search alone {1000 * work:.1f} ms; the limit, {touched * row_size:,.0f} bytes through memory, {1e6 * limit:.1f} µs"
    )
    monte_carlo(expansion, start, SAMPLES)
    if size <= CYPHER_MOST:
        trace_in_cypher(relations, start)


def sample_strong(size: int, law: str) -> None:
    """Print how sampling compares where trust is strong."""
    draw = random.Random(size)
    with TemporaryDirectory() as folder:
        path = Path(folder, "kb.db")
        start, _ = fill(path, LAWS[law](draw, size), draw, STRONG)
        expansion, _ = expanded(path, start)
    print(f"\n{size:,} agents, {law}, strong trust: {len(expansion.graph.agents()) - 1} reached")
    monte_carlo(expansion, start, STRONG_SAMPLES)


def main() -> None:
    """Print the figures of every size and law."""
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    libraries, rate = cold("-c", LIBRARIES), bandwidth()
    took = f"{libraries.seconds:.2f} s, {libraries.work:.2f} s of work, {libraries.peak:.0f} MiB"
    print(f"python -c '{LIBRARIES}': {took}; memory {rate / 1e9:.1f} GB/s")
    if importlib.util.find_spec("ndlib") is None:
        print("NDlib is not installed: no figures of it")
    for size in sizes:
        for law in LAWS:
            compare(size, law, libraries, rate)
            if size <= CYPHER_MOST:
                sample_strong(size, law)


if __name__ == "__main__":
    main()
