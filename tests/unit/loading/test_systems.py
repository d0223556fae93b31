"""What loaded systems leave in the graph: nodes while something speaks of them, and threats by rules and wiring."""

from collections.abc import Iterable
from pathlib import Path

from inputs import document, put
from kb.catalog import catalog
from kb.engines.protocol import Engine
from kb.loading.forgetting import forget
from kb.loading.loader import load
from kb.loading.report import LoadReport

PRODUCT = document(
    "codegen", body="scores: {dynamic_tool_use: 0.2}\naivss: {cvss_base: 8}\nthreats: [{threat: T6, layer: L3}]\n"
)


def load_texts(engine: Engine, folder: Path, **texts: str) -> LoadReport:
    return load(engine, catalog(), put(folder, {f"{name}.yaml": text for name, text in texts.items()}))


def system(*agents: str, name: str = "shop", more: str = "") -> str:
    listed = "".join(f"  - {{{agent}}}\n" for agent in agents)
    return f"kind: system\nid: {name}\nagents:\n{listed}{more}"


def forms(engine: Engine, kind: str = "Agent") -> dict[str, object]:
    return {node.id: node.properties.get("form") for node in engine.nodes(kind)}


def inferred(engine: Engine, agent: str, rules: Iterable[str] = ()) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for edge in engine.edges("FACES", source=[agent]):
        if edge.assessment is None:
            found.setdefault(str(edge.properties["rule"]), set()).add(edge.target)
    return {rule: threats for rule, threats in found.items() if not rules or rule in rules}


def test_agents_systems_and_resources_are_there_while_a_document_in_force_speaks_of_them(
    engine: Engine, tmp_path: Path
) -> None:
    notes = "resources: [{id: notes, kind: memory, readers: [b]}]\n"
    load_texts(engine, tmp_path, old=system("id: a, based_on: codegen", "id: b", more=notes))
    assert forms(engine) == {"codegen": "product", "shop/a": "deployed", "shop/b": "deployed"}
    assert forms(engine, "Resource") == {"memory:notes": "memory"}

    load_texts(engine, tmp_path, new=system("id: a"))
    assert forms(engine) == {"codegen": "former", "shop/a": "deployed", "shop/b": "former"}
    assert forms(engine, "Resource") == {"memory:notes": "former"}

    report = forget(engine, catalog(), [str(tmp_path / "old.yaml")])
    assert (report.agents, forms(engine), forms(engine, "Resource")) == (("codegen", "shop/b"), {"shop/a": "deployed"}, {})

    forget(engine, catalog(), [str(tmp_path / "new.yaml")])
    assert [engine.nodes(kind) for kind in ("Agent", "System", "Resource", "Assessment")] == [[], [], [], []]


def test_a_deployed_agent_has_the_figures_of_its_product_but_for_its_own_scores(engine: Engine, tmp_path: Path) -> None:
    load_texts(
        engine, tmp_path, wiring=system("id: a, based_on: codegen", "id: b, based_on: codegen, scores: {dynamic_tool_use: 1}")
    )
    assert inferred(engine, "shop/b", ["owasp-decision-path"])["owasp-decision-path"] >= {"owasp:T2"}
    assert engine.nodes("Agent", ["shop/a"])[0].properties.get("cvss_base") is None

    load_texts(engine, tmp_path, product=PRODUCT)
    figures = {node.id: node.properties.get("cvss_base") for node in engine.nodes("Agent")}
    assert figures == {"codegen": 8.0, "shop/a": 8.0, "shop/b": 8.0}
    assert inferred(engine, "shop/a", ["owasp-decision-path"]) == {}
    assert inferred(engine, "shop/a", ["maestro-mapping"]) == inferred(engine, "codegen", ["maestro-mapping"]) != {}


def test_being_wired_over_a_class_is_facing_what_arrives_over_it(engine: Engine, tmp_path: Path) -> None:
    wiring = (
        "integrations: [{from: planner, to: coder, channel: delegation}, {from: coder, to: server, channel: tool-call}]\n"
        "resources: [{id: notes, kind: memory, readers: [planner], writers: [coder]}]\n"
    )
    server = "id: server, capabilities: [{capability: cap:language-model, score: 0}], entry: [content]"
    load_texts(engine, tmp_path, s=system("id: planner, entry: [packages]", "id: coder", server, more=wiring))

    message = {"llm2025:LLM01", "owasp:T12", "owasp:T6"}
    assert inferred(engine, "shop/planner") == {
        "wired-over-message": message,
        "wired-over-memory": {"owasp:T1", "llm2025:LLM01"},
        "wired-over-code": {"owasp:T11", "owasp:T17"},
    }
    assert inferred(engine, "shop/coder") == {
        "wired-over-message": message,
        "wired-over-content": {"llm2025:LLM01", "owasp:T6"},
        "wired-over-tool": {"owasp:T16", "owasp:T2"},
    }
    assert inferred(engine, "shop/server") == {"wired-over-call": {"owasp:T2", "llm2025:LLM05"}}


def test_where_a_system_infers_nothing_its_agents_have_what_it_says_and_no_more(engine: Engine, tmp_path: Path) -> None:
    text = system("id: a, based_on: codegen, scores: {dynamic_tool_use: 1}, entry: true", more="infer: false\n")
    load_texts(engine, tmp_path, product=PRODUCT, s=text)

    assert inferred(engine, "shop/a") == {}
    assert engine.nodes("Agent", ["shop/a"])[0].properties.get("cvss_base") is None


def test_what_a_system_names_and_nobody_describes_is_remarked_on_once_all_is_loaded(engine: Engine, tmp_path: Path) -> None:
    texts = {
        "a": system("id: a, based_on: codgen", "id: b, based_on: codegen", "id: office/clrk", "id: office/clerk"),
        "b": system("id: clerk", name="office"),
        "c": PRODUCT,
    }
    report = load_texts(engine, tmp_path, **texts)
    assert report.remarks == (
        f"{tmp_path}/a.yaml: shop/a is based on 'codgen', of which no assessment is loaded; did you mean 'codegen'?",
        f"{tmp_path}/a.yaml: shop takes in 'office/clrk', which no loaded system deploys; did you mean 'office/clerk'?",
    )


def test_a_hub_that_thousands_are_wired_to_and_a_memory_that_thousands_share_are_read_in_one_go(
    engine: Engine, tmp_path: Path
) -> None:
    ids = [f"a{number}" for number in range(1_000)]
    wiring = "".join(f"  - {{from: {agent}, to: hub, channel: message}}\n" for agent in ids)
    shared = f"resources:\n  - {{id: notes, kind: memory, readers: [{', '.join(ids)}], writers: [{', '.join(ids)}]}}\n"
    load_texts(
        engine, tmp_path, s=system("id: hub", *(f"id: {agent}" for agent in ids), more=f"integrations:\n{wiring}{shared}")
    )

    assert len(engine.edges("TRUSTS", source=["shop/hub"])) == 1_000
    assert len(engine.edges("USES", target=["memory:notes"])) == 2_000
    assert inferred(engine, "shop/hub") == {"wired-over-message": {"llm2025:LLM01", "owasp:T12", "owasp:T6"}}
