"""How long a cascade takes, beside what people would write instead, on the same graphs in the same run.

A cold ``kb cascade`` is set beside a cold process that pours all trust into networkx and runs Dijkstra, Monte Carlo beside a
plain Python sampler at equal sample counts. Run with ``python benchmarks/cascade.py
[AGENTS …]``; compare the ratios. Every agent trusts ten others, chosen evenly or by how many trust them already.
"""

import importlib.util
import json
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

from kb.engines.registry import open_engine
from kb.questions.exposure import Expansion, Wanted, build
from kb.questions.exposure_graph import exposure
from kb.questions.likelihood import Estimate, Goal, estimate
from kb.questions.worlds import Worlds
from systems import independent, member, write_system

SIZES = (1_000, 10_000, 100_000)
RELATIONS = 10
STRENGTHS = (0.01, 0.15)
"""Ends of the even distribution of strengths: a cascade then reaches some agents, and neither dies at once nor saturates."""
SAMPLES = 8_192
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
    """A process of its own: median seconds, greatest peak of memory in MiB, and what it printed."""

    seconds: float
    peak: float
    printed: str


LAUNCHER = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, text=True, check=True)
taken = time.perf_counter() - start
print(json.dumps([taken, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, done.stdout]))
"""
"""Starts a process from a small one: a child's peak of memory begins with that of the process that it was forked from."""


def cold(*words: str) -> Cold:
    """What ``python`` with ``words`` takes."""
    command = [sys.executable, "-c", LAUNCHER, sys.executable, *words]
    done = [json.loads(subprocess.check_output(command)) for _ in range(ROUNDS)]
    return Cold(median(one[0] for one in done), max(one[1] for one in done), done[0][2])


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


def fill(path: Path, pairs: Iterator[tuple[int, int]], draw: random.Random) -> str:
    """Write the graph to ``path``; the id of an agent that ten others trust, or as near as there is."""
    edges = [(f"a{trusted}", f"a{truster}", round(draw.uniform(*STRENGTHS), 4)) for truster, trusted in pairs]
    trusters: dict[str, int] = {}
    for trusted, _, _ in edges:
        trusters[trusted] = trusters.get(trusted, 0) + 1
    with open_engine(str(path), mode="write") as engine:
        write_system(engine, independent(edges))
    return member(min(trusters, key=lambda name: (abs(trusters[name] - RELATIONS), name)))


def expanded(path: Path, start: str) -> tuple[Expansion, float]:
    """What ``start`` reaches, and the seconds that it takes to find that in an open base."""
    with open_engine(str(path), mode="read") as engine:
        begin = time.perf_counter()
        expansion = build(engine, [exposure(start, THREAT)], Wanted())
        return expansion, time.perf_counter() - begin


def seconds(work: Callable[[], object]) -> float:
    """What ``work`` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def sample_plainly(outgoing: Mapping[str, list[tuple[str, float]]], start: str) -> dict[str, int]:
    """In how many of ``SAMPLES`` worlds each agent falls: a search in breadth for each, as a text book has it."""
    draw, hits = random.Random(0).random, dict.fromkeys(outgoing, 0)
    for _ in range(SAMPLES):
        fallen, waiting = {start}, deque([start])
        while waiting:
            for other, p in outgoing.get(waiting.popleft(), ()):
                if other not in fallen and draw() < p:
                    fallen.add(other)
                    waiting.append(other)
                    hits[other] = hits.get(other, 0) + 1
    return hits


def monte_carlo(expansion: Expansion, start: str) -> tuple[float, float, float]:
    """Seconds of ours and of the plain sampler on what was reached, and the greatest difference of their probabilities."""
    graph = expansion.graph
    goals = [Goal((agent, "falls"), tuple(graph.exposures(agent))) for agent in graph.agents() if agent != start]
    outgoing: dict[str, list[tuple[str, float]]] = {}
    for arc in graph.arcs:
        if arc.source[0] == "out" and arc.target[1] != start:
            outgoing.setdefault(arc.source[1], []).append((arc.target[1], arc.probability))
    weights = {goal.name: 1.0 for goal in goals}
    found: list[Mapping[tuple[str, str], Estimate]] = []
    hits: list[dict[str, int]] = []
    ours = seconds(lambda: found.append(estimate(graph, goals, weights, "monte-carlo", Worlds(SAMPLES))[2]))
    plain = seconds(lambda: hits.append(sample_plainly(outgoing, start)))
    apart = max(abs(found[0][name].value - hits[0].get(name[0], 0) / SAMPLES) for name in weights)
    return ours, plain, apart


def bandwidth() -> float:
    """Bytes a second that a copy in memory moves, reading and writing."""
    import numpy

    source = numpy.ones(1 << 25, numpy.uint64)
    return 2 * source.nbytes / min(seconds(source.copy) for _ in range(3))


def compare(size: int, law: str, libraries: Cold, rate: float) -> None:
    """Print the figures of one graph."""
    draw = random.Random(size)
    pairs = {"uniform": evenly, "power-law": by_power_law}[law](draw, size)
    with TemporaryDirectory() as folder:
        path = Path(folder, "kb.db")
        start = fill(path, pairs, draw)
        kb = ("-m", "kb", "cascade", start, "--store", str(path), "--threat", THREAT, "-q", "-f", "json", "--method")
        chains, poured = cold(*kb, "chain"), cold("-c", NETWORKX, str(path), start)
        sampled = cold(*kb, "monte-carlo", "--samples", str(SAMPLES))
        expansion, work = expanded(path, start)
        row_size = path.stat().st_size / (size * RELATIONS)
    reached = len(json.loads(chains.printed)["reached"])
    touched = sum(arc.source[0] == "out" for arc in expansion.graph.arcs)
    print(f"\n{size:,} agents, {law}: {reached} reached (networkx: {poured.printed.strip()}), {touched} trusts touched")
    print(f"  cold kb cascade, chain        {chains.seconds:8.2f} s {chains.peak:8.0f} MiB")
    print(f"  cold kb cascade, monte-carlo  {sampled.seconds:8.2f} s {sampled.peak:8.0f} MiB")
    print(f"  cold networkx and Dijkstra    {poured.seconds:8.2f} s {poured.peak:8.0f} MiB")
    print(f"  kb / libraries {chains.seconds / libraries.seconds:.2f}, networkx / kb {poured.seconds / chains.seconds:.2f}")
    limit = touched * row_size / rate
    print(
        f"  search alone {1000 * work:.1f} ms; the limit, {touched * row_size:,.0f} bytes through memory, {1e6 * limit:.1f} µs"
    )
    ours, plain, apart = monte_carlo(expansion, start)
    print(f"  {SAMPLES} worlds: ours {ours:.3f} s, plain Python {plain:.3f} s, {plain / ours:.1f} times; apart {apart:.4f}")


def main() -> None:
    """Print the figures of every size and law."""
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    libraries, rate = cold("-c", LIBRARIES), bandwidth()
    print(f"python -c '{LIBRARIES}': {libraries.seconds:.2f} s, {libraries.peak:.0f} MiB; memory {rate / 1e9:.1f} GB/s")
    if importlib.util.find_spec("ndlib") is None:
        print("NDlib is not installed: no figures of it")
    for size in sizes:
        for law in ("power-law", "uniform"):
            compare(size, law, libraries, rate)


if __name__ == "__main__":
    main()
