"""How fast the embedded engine takes relations in and follows them, and how long questions take on each engine.

Writing is set beside the bare insertion of the same rows; ``neo4j_load.py`` does that for a server. Run with
``python benchmarks/engines.py``. Times are of one process on whatever machine it is; compare the ratios.
"""

import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from questions import side_by_side

from kb.engines.embedded.tables import create_statements
from kb.engines.protocol import Batch
from kb.engines.registry import open_engine
from kb.model.graph import Node, Relation

AGENTS, RELATIONS = 20_000, 200_000


def seconds(work: Callable[[], object]) -> float:
    """What ``work`` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def trusts(draw: random.Random, agents: list[Node]) -> list[Relation]:
    """Relations between random agents."""
    properties = {"channel": "delegation", "flow": "forward", "over": "message", "strength": 0.5, "authenticated": True}
    pairs = [draw.sample(agents, 2) for _ in range(RELATIONS)]
    return [
        Relation("TRUSTS", truster.id, trusted.id, {**properties, "places": (f"system.yaml:{line}",)})
        for line, (truster, trusted) in enumerate(pairs)
    ]


def stored_rows(path: Path) -> list[tuple[object, ...]]:
    """The rows of TRUSTS as they lie in the file ``path``."""
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT * FROM trusts ORDER BY source, target, key").fetchall()
    connection.close()
    return rows


def bare(path: Path, rows: list[tuple[object, ...]], statements: list[str]) -> float:
    """Seconds to insert ``rows`` into the table ``trusts`` of a new file that ``statements`` make."""
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    places = ", ".join("?" * len(rows[0]))

    def insert() -> None:
        connection.executemany(f"INSERT INTO trusts VALUES ({places})", rows)
        connection.commit()

    taken = seconds(insert)
    connection.close()
    return taken


def main() -> None:
    """Print the figures."""
    draw = random.Random(0)
    agents = [Node("Agent", f"system-{number % 100}/agent-{number}", {"form": "deployed"}) for number in range(AGENTS)]
    relations = trusts(draw, agents)
    with TemporaryDirectory() as folder:
        path = Path(folder, "kb.db")
        with open_engine(str(path), mode="write") as engine:
            engine.write(Batch(nodes=agents))
            written = seconds(lambda: engine.write(Batch(relations=relations)))
        rows = stored_rows(path)
        same = bare(Path(folder, "same.db"), rows, [sql for sql in create_statements() if "trusts" in sql])
        keyless = bare(
            Path(folder, "keyless.db"), rows, [f"CREATE TABLE trusts ({', '.join(f'c{at}' for at in range(len(rows[0])))})"]
        )
        print(f"write {written:.2f} s, {RELATIONS / written:,.0f} relations a second")
        print(f"  {written / same:.1f} times the bare insertion into the same table ({same:.2f} s)")
        print(f"  {written / keyless:.1f} times the bare insertion into a table without keys ({keyless:.2f} s)")
        with open_engine(str(path), mode="read") as engine:
            for size in (1, 100, 1000):
                frontier = [agent.id for agent in draw.sample(agents, size)]
                found = len(engine.expand(frontier, ["TRUSTS"], "in"))
                taken = seconds(lambda ids=frontier: engine.expand(ids, ["TRUSTS"], "in"))
                print(f"expand {size} agents: {found} relations in {1000 * taken:.2f} ms")
    side_by_side()


if __name__ == "__main__":
    main()
