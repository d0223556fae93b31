"""Laws of loading: the graph depends on nothing but the documents in force."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contents import order
from inputs import document, page, put, small_catalog, state
from kb.engines.protocol import Engine
from kb.loading.forgetting import forget
from kb.loading.loader import load
from kb.questions.extraction import to_networkx

quick = settings(
    max_examples=max(4, settings.default.max_examples // 16),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],  # each example clears the engine
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


KINDS = {"full.txt": pages("full"), "table.txt": pages("table"), "ours.yaml": documents()}


@st.composite
def inputs(draw: st.DrawFn, least: int = 1) -> dict[str, str]:
    """File name to text of documents of which no two share a series, in any order."""
    every = [(agent, kind) for agent in range(len(AGENTS)) for kind in KINDS]
    chosen = draw(st.lists(st.sampled_from(every), unique=True, min_size=least, max_size=5))
    return {f"{agent}/{kind}": draw(KINDS[kind])(AGENTS[agent]) for agent, kind in chosen}


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
