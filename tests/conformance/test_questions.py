"""On any graph, every engine answers every question as its plain definition does."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.questions import QUESTIONS, parameters
from oracle.graphs import AGENTS, LAYERS, THREATS, graphs
from oracle.questions import ORACLE


@st.composite
def arguments(draw, stem, graph):
    """Legal arguments of the question ``stem``: often a system, and two other options at most, lest nothing is left."""
    offered = parameters(QUESTIONS[stem])
    names = [parameter.name for parameter in offered if not parameter.required]
    options = [*draw(st.lists(st.sampled_from(names), max_size=2)), *draw(st.sampled_from([[], ["system"]]))] if names else []
    given_values = {
        parameter.name: draw(value(parameter)) for parameter in offered if parameter.required or parameter.name in options
    }
    if members := {one.source for one in graph.all("MEMBER_OF") if one.target == given_values.get("system")}:
        agents = [name for name in ("agent", "target") if given_values.get(name) in AGENTS]
        given_values |= {name: draw(st.sampled_from(sorted(members))) for name in agents}
    elif {given_values.get("agent"), given_values.get("target")} & set(AGENTS):
        given_values.pop("system", None)
    return given_values


def value(parameter):
    if parameter.says.choices:
        words = st.sampled_from(parameter.says.choices)
        return st.lists(words, min_size=1, max_size=2) | words if parameter.says.several else words
    return {
        "agent": st.sampled_from(AGENTS),
        "target": st.sampled_from((*AGENTS, *THREATS)),
        "threat": st.sampled_from(THREATS),
        "layer": st.sampled_from(LAYERS),
        "system": st.sampled_from(("north", "south")),
        "catalog": st.sampled_from(("owasp", "asi", "any", ("llm2025", "maestro"))),
        "min_agents": st.integers(1, 3),
        "loose": st.booleans(),
    }[parameter.name]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(graph=graphs(), data=st.data())
def test_every_question_is_answered_as_its_definition_says(engine, graph, data):
    engine.clear()
    engine.write(graph.batch())
    for stem, question in QUESTIONS.items():
        given_values = data.draw(arguments(stem, graph), label=stem)
        assert list(question(engine, **given_values).rows) == ORACLE[stem](graph, **given_values)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=max(10, settings.default.max_examples // 6),
)
@given(graph=graphs(), data=st.data())
def test_the_params_of_an_answer_ask_for_the_same_answer(engine, graph, data):
    engine.clear()
    engine.write(graph.batch())
    for stem, question in QUESTIONS.items():
        given_values = data.draw(arguments(stem, graph), label=stem)
        first = question(engine, **given_values)
        assert question(engine, **first.params) == first


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=max(10, settings.default.max_examples // 6),
)
@given(graph=graphs())
def test_sharing_is_mutual(engine, graph):
    engine.clear()
    engine.write(graph.batch())
    like = {agent: QUESTIONS["agents_like"](engine, agent=agent).rows for agent in AGENTS}
    pairs = {(agent, row["agent"], row["jaccard"]) for agent, rows in like.items() for row in rows}
    assert pairs == {(other, agent, jaccard) for agent, other, jaccard in pairs}
