"""The commands on a Neo4j server: the same answers, bases that go there and back, and Cypher that only reads."""

import json
import subprocess
from collections.abc import Callable

import pytest
from neo4j import Driver

from server.fixtures import Address

AGENT = """kind: assessment
agent: {id: desk, name: Desk}
threats: [{threat: owasp:T2, layer: L3, quote: it calls tools}]
"""


@pytest.fixture
def on_server(kb, neo4j_server: Address, neo4j_store: str) -> Callable[..., object]:
    """The command line with the environment of somebody who may enter the server."""
    (kb.folder / "desk.yaml").write_text(AGENT)
    env = neo4j_server.environment()
    return lambda *words, **more: kb(*words, **env, **more)


def test_every_command_answers_on_a_server_as_on_a_file(on_server, neo4j_store: str) -> None:
    assert on_server("load", "desk.yaml").err == on_server("load", "desk.yaml", "--store", neo4j_store).err == "1 loaded\n"
    for words in (
        ["list", "agents"],
        ["show", "desk"],
        ["ask", "threats-of", "desk"],
        ["ask", "shared-threats", "--min-agents", "1"],
    ):
        there, here = on_server(*words, "--store", neo4j_store, "-f", "json"), on_server(*words, "-f", "json")
        assert (there.code, there.err) == (here.code, here.err) == (0, here.err)
        assert without_moments(there.out) == without_moments(here.out)
    assert on_server("list", "agents", KB_STORE=neo4j_store).out == on_server("list", "agents").out
    assert on_server("forget", "desk.yaml", "--store", neo4j_store).err == on_server("forget", "desk.yaml").err


def without_moments(text: str) -> object:
    def scrub(value: object) -> object:
        if isinstance(value, dict):
            return {name: scrub(item) for name, item in value.items() if name not in ("loaded_at", "base")}
        return [scrub(item) for item in value] if isinstance(value, list) else value

    return scrub(json.loads(text))


def test_a_base_is_pushed_and_pulled(on_server, neo4j_store: str) -> None:
    on_server("load", "desk.yaml")
    first = on_server("push", neo4j_store)
    assert (first.code, first.out, first.err) == (0, "", "1 copied\n")
    assert on_server("push", neo4j_store).err == "0 copied, 1 unchanged\n"
    pulled = on_server("pull", neo4j_store, "--store", "copy.db", "-f", "json")
    assert json.loads(pulled.out)["copied"] == 1
    assert on_server("show", "desk", "--store", "copy.db").out == on_server("show", "desk").out


def test_a_push_over_other_documents_is_refused(on_server, neo4j_store: str) -> None:
    on_server("load", "desk.yaml", "--store", neo4j_store)
    on_server("load", "--seeds", "-q")
    refused = on_server("push", neo4j_store)
    assert refused.code == 4
    assert "holds 1 documents that kb.db has not" in refused.err
    assert "--withdraw" in refused.err
    assert on_server("list", "agents", "--store", neo4j_store, "-f", "csv").out == "id,name,form\ndesk,Desk,product\n"


# ----------------------------------------------------------------------------------------------------------------------
# kb cypher
# ----------------------------------------------------------------------------------------------------------------------


def test_cypher_comes_from_a_file_or_from_standard_input(on_server, kb, neo4j_server: Address, neo4j_store: str) -> None:
    on_server("load", "desk.yaml", "--store", neo4j_store)
    text = "MATCH (a:Agent {id: $id})-[f:FACES]->(t) RETURN a, f.quotes AS quotes, t.id AS threat, $n AS n"
    (kb.folder / "mine.cypher").write_text(text)
    done = on_server(
        "cypher", "mine.cypher", "--param", "id=desk", "--param", "n=[1, 2.5]", "--store", neo4j_store, "-f", "json"
    )
    answer = json.loads(done.out)
    assert answer["columns"] == ["a", "quotes", "threat", "n"]
    assert answer["params"] == {"id": "desk", "n": [1, 2.5]}
    assert answer["rows"] == [
        {
            "a": {"labels": ["Agent"], "form": "product", "id": "desk", "name": "Desk"},
            "quotes": ["it calls tools"],
            "threat": "owasp:T2",
            "n": [1, 2.5],
        }
    ]
    assert (answer["complete"], answer["truncated_by"], answer["schema_version"]) == (True, None, 1)
    words = ("cypher", "-", "--store", neo4j_store, "-f", "csv")
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with kb.start(words, neo4j_server.environment(), **pipes) as process:
        out, err = process.communicate(b"MATCH (a:Agent) RETURN a.id AS id", timeout=60)
    assert (process.returncode, out, err) == (0, b"id\ndesk\n", b"")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE (:Agent {id: 'new'})",
        "MATCH (a:Agent) DETACH DELETE a",
        "MATCH (a:Agent) SET a.name = 'x' RETURN a",
        "CALL { CREATE (:Agent {id: 'new'}) } IN TRANSACTIONS",
        "CREATE INDEX mine FOR (n:Agent) ON (n.name)",
        "DROP CONSTRAINT agent_id",
    ],
)
def test_a_statement_that_would_write_fails_and_changes_nothing(
    on_server, kb, neo4j_store: str, neo4j_driver: Driver, statement: str
) -> None:
    on_server("load", "desk.yaml", "--store", neo4j_store)
    (kb.folder / "write.cypher").write_text(statement)
    before = contents(neo4j_driver)
    done = on_server("cypher", "write.cypher", "--store", neo4j_store)
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith(f"error: {neo4j_store}: ")
    assert contents(neo4j_driver) == before


def contents(driver: Driver) -> list[object]:
    nodes = driver.execute_query(
        "MATCH (n) RETURN labels(n) AS labels, properties(n) AS properties ORDER BY labels, n.id"
    ).records
    indexes = driver.execute_query("SHOW INDEXES YIELD name RETURN name ORDER BY name").records
    return [record.data() for record in (*nodes, *indexes)]


def test_look_ups_by_name_are_run_on_every_store(on_server, neo4j_store: str) -> None:
    for store in (neo4j_store, "kb.db"):
        on_server("load", "desk.yaml", "--store", store)
        done = on_server("cypher", "crosswalk", "--param", "threat=asi:ASI02", "--limit", "1", "--store", store, "-f", "csv")
        assert done.out.splitlines()[0] == "from,to,name,predicate,status,confidence,sources,direction"
        assert len(done.out.splitlines()) == 2
        assert done.err.startswith("cut: limit 1 of ")


def test_an_embedded_store_says_which_cypher_it_takes(on_server, kb) -> None:
    on_server("load", "desk.yaml")
    (kb.folder / "mine.cypher").write_text("RETURN 1 AS one")
    for words in (["mine.cypher"], ["cascade_from", "--param", "fallen=desk"]):
        done = on_server("cypher", *words)
        assert (done.code, done.out) == (2, "")
        assert "takes no Cypher but the look-ups by name: agents_at, agents_like" in done.err
        assert "kb push URL" in done.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nosuch"], "no look-up and no file 'nosuch'"),
        (["crosswalk", "--param", "threat"], "'threat' is no parameter"),
        (["crosswalk", "--param", "colour=red"], "the look-up 'crosswalk' knows no 'colour'"),
    ],
)
def test_odd_words_are_refused(on_server, words: list[str], sentence: str) -> None:
    on_server("load", "desk.yaml")
    done = on_server("cypher", *words)
    assert done.code == 2
    assert sentence in done.err
