"""Laws of loading: the graph depends on nothing but the documents in force."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contents import order, read_all
from inputs import document, page, put, small_catalog, state
from kb.engines.protocol import Engine
from kb.loading.forgetting import forget
from kb.loading.loader import load
from kb.questions.extraction import to_networkx

quick = settings(
    max_examples=max(4, settings.default.max_examples // 16),
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
    ],  # each example clears the engine
)

AGENTS = ("Harbour Pilot", "Zed", "Ünicode Å")
SCORES = st.integers(0, 10).map(lambda tenths: f"{tenths / 10:.2f}")
THREATS = st.lists(st.sampled_from(["owasp:T2", "owasp:T6", "llm2025:LLM06"]), unique=True, max_size=2)


@st.composite
def pages(draw: st.DrawFn, form: str) -> Callable[[str], str]:
    """A page in ``form`` about the agent that is given, with scores of its own."""
    row = "| Dynamic Tool Use | {} |" if form == "table" else "Dynamic Tool Use\n{}"
    changes = {row.format("0.70"): row.format(draw(SCORES))}
    return lambda name: page(name, form, changes)


@st.composite
def documents(draw: st.DrawFn) -> Callable[[str], str]:
    """A document of ours about the agent that is given."""
    score, base = draw(SCORES), draw(st.integers(0, 10))
    threats = draw(THREATS)
    denied = [threat for threat in draw(THREATS) if threat not in threats]
    said = [f"{{threat: {threat}, layer: L3, quote: words}}" for threat in threats]
    said += [f"{{threat: {threat}, polarity: denied}}" for threat in denied]
    body = (
        f"scores: {{dynamic_tool_use: {score}}}\naivss: {{cvss_base: {base}}}\nlayers: [{{id: L3, certainty: mapped}}]\n"
        f"threats: [{', '.join(said)}]\nimplements: [owasp:P1.1]\n"
    )
    agents = dict(zip(AGENTS, ("harbour-pilot", "zed", "unicode-a"), strict=True))
    return lambda name: document(agents[name], body=body)


PRODUCTS = ("harbour-pilot", "zed", "nobody-has-assessed-it")
CHANNELS = st.sampled_from(["delegation", "message", "artifact", "tool-call"])


@st.composite
def systems(draw: st.DrawFn) -> Callable[[str], str]:
    """A system of the name that is given, two of whose agents another system may deploy."""
    deployed = [f"{{id: a, based_on: {draw(st.sampled_from(PRODUCTS))}, scores: {{dynamic_tool_use: {draw(SCORES)}}}}}"]
    deployed += ["{id: b, name: B, entry: true, capabilities: [{capability: cap:language-model, score: 0}]}"] * draw(
        st.booleans()
    )
    denied = [f"{{threat: {threat}, polarity: denied}}" for threat in draw(THREATS)]
    deployed += [f"{{id: c, based_on: {draw(st.sampled_from(PRODUCTS))}, faces: [{', '.join(denied)}]}}"] * draw(st.booleans())
    taken_in = draw(st.booleans())
    names = [entry[5] for entry in deployed] + ["other/a"] * taken_in
    pairs = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names), CHANNELS), unique=True, max_size=3))
    wired = [f"{{from: {one}, to: {other}, channel: {channel}}}" for one, other, channel in pairs if one != other]
    readers = draw(st.lists(st.sampled_from(names), unique=True, max_size=2))
    resources = f"[{{id: notes, kind: memory, readers: [{', '.join(readers)}]}}]" if readers else "[]"
    infer = str(draw(st.booleans())).lower()

    def text(name: str) -> str:
        agents = [*deployed, *["{id: other/a}"] * taken_in]
        lines = [f"kind: system\nid: {name}\ninfer: {infer}\nagents: [{', '.join(agents)}]"]
        lines += [f"integrations: [{', '.join(wired)}]", f"resources: {resources}\n"]
        return "\n".join(lines).replace("other", SYSTEMS[name == SYSTEMS[0]])

    return text


KINDS = {"full.txt": pages("full"), "table.txt": pages("table"), "ours.yaml": documents()}
SYSTEMS = ("office", "shop")


@st.composite
def inputs(draw: st.DrawFn, least: int = 1) -> dict[str, str]:
    """File name to text of documents of which no two share a series, in any order."""
    every = [(agent, kind) for agent in AGENTS for kind in KINDS] + [(system, "system.yaml") for system in SYSTEMS] * 2
    chosen = draw(st.lists(st.sampled_from(every), unique=True, min_size=least, max_size=5))
    return {f"{name}/{kind}": draw(KINDS.get(kind, systems()))(name) for name, kind in chosen}


@contextmanager
def bases(engine: Engine) -> Iterator[tuple[Path, Callable[[], Engine]]]:
    """A folder for files, and a way to begin anew: the one engine, emptied."""

    def another() -> Engine:
        engine.clear()
        return engine

    with TemporaryDirectory() as name:
        yield Path(name), another


def loaded(engine: Engine, *loads: list[str]) -> Engine:
    for paths in loads:
        report = load(engine, small_catalog(), paths)
        assert report.rejected == ()
    return engine


@quick
@given(inputs(), st.randoms(use_true_random=False), st.integers(0, 5))
def test_any_order_any_pieces_and_any_repetition_give_one_graph(
    engine: Engine, files: dict[str, str], random: object, cut: int
) -> None:
    with bases(engine) as (folder, another):
        paths = put(folder, files)
        expected = state(loaded(another(), paths))
        shuffled = random.sample(paths, len(paths))  # type: ignore[attr-defined]

        assert state(loaded(another(), shuffled)) == expected
        assert state(loaded(another(), paths[cut:], paths[:cut])) == expected
        assert state(loaded(another(), shuffled, paths, shuffled[:cut])) == expected
        assert state(loaded(another(), *([path] for path in shuffled))) == expected


@quick
@given(inputs(least=2), st.integers(1, 4))
def test_what_was_loaded_and_forgotten_was_never_loaded(engine: Engine, files: dict[str, str], cut: int) -> None:
    with bases(engine) as (folder, another):
        paths = put(folder, files)
        first, second = paths[:cut], paths[cut:]
        loaded(another(), first, second)
        if second:
            forget(engine, small_catalog(), second)

        assert state(engine) == state(loaded(another(), first))


@quick
@given(pages("full"), pages("full"), documents())
def test_forgetting_the_newer_of_a_series_restores_the_older(
    engine: Engine, older: Callable[[str], str], newer: Callable[[str], str], ours: Callable[[str], str]
) -> None:
    with bases(engine) as (folder, another):
        old, new, other = put(folder, {"old.txt": older("Zed"), "new.txt": newer("Zed") + "\n", "z.yaml": ours("Zed")})
        loaded(another(), [old, other])
        expected = state(engine)
        loaded(engine, [new])
        assert state(engine) != expected
        report = forget(engine, small_catalog(), [new])

        assert (len(report.forgotten), len(report.restored), state(engine)) == (1, 1, expected)


@quick
@given(systems(), systems(), systems(), documents())
def test_forgetting_the_newer_document_of_a_system_restores_the_older(
    engine: Engine,
    older: Callable[[str], str],
    newer: Callable[[str], str],
    office: Callable[[str], str],
    ours: Callable[[str], str],
) -> None:
    with bases(engine) as (folder, another):
        texts = {"old.yaml": older("shop"), "new.yaml": newer("shop") + "\n", "o.yaml": office("office"), "z.yaml": ours("Zed")}
        old, new, *others = put(folder, texts)
        fresh = read_all(loaded(another(), [new, *others])).in_force
        base = loaded(another(), [old, *others])
        expected = state(base)
        loaded(base, [new])
        assert [edge for edge in read_all(base).in_force if edge.kind != "SUPERSEDES"] == fresh
        forget(base, small_catalog(), [new])

        assert state(base) == expected


@quick
@given(inputs())
def test_inferring_again_changes_nothing(engine: Engine, files: dict[str, str]) -> None:
    with bases(engine) as (folder, another):
        loaded(another(), put(folder, files))
        expected = state(engine)
        load(engine, small_catalog(), [], reinfer=True)

        assert state(engine) == expected


@quick
@given(inputs())
def test_networkx_sees_what_the_engine_says(engine: Engine, files: dict[str, str]) -> None:
    with bases(engine) as (folder, another):
        loaded(another(), put(folder, files))
        contents, _ = state(engine)
        graph = to_networkx(engine)
        edges = {
            (relation.kind, relation.source, relation.end_kind, relation.target, relation.key): {
                **relation.properties,
                "assessment": relation.assessment,
            }
            for relation in sorted(contents.in_force, key=order)
        }

        assert {
            (data["kind"], source, end, target, key): {name: value for name, value in data.items() if name != "kind"}
            for (_, source), (end, target), key, data in graph.edges(keys=True, data=True)
        } == edges
        assert graph.number_of_edges() == len(contents.in_force)
        assert {node: dict(data) for node, data in graph.nodes(data=True)} == {
            (node.kind, node.id): dict(node.properties)
            for kind in {n.kind for n in contents.nodes}
            for node in engine.nodes(kind)
        }
