"""Whole pictures of a system of three: payments TRUSTS planner TRUSTS browser, and strangers write to the browser."""

from dataclasses import replace

import pytest

from kb.engines.registry import open_engine
from kb.errors import StoreError, UsageError
from kb.model.graph import Relation
from kb.questions.pictures.kinds import PICTURES, picture
from kb.questions.pictures.picture import Detail, Factor, Line, Link, Picture, PictureChain, Spot, State
from systems import DOCUMENT, faces, implements, member, trusts, write_system

RELATIONS = [
    faces("browser", "llm2025:LLM01", 0.8, certainty="mapped"),
    faces("planner", "owasp:T12", 0.5, certainty="uncertain"),
    faces("payments", "owasp:T12", 0.25),
    trusts("planner", "browser", 0.5),
    trusts("payments", "planner", 1.0),
    implements("payments", "owasp:P1.1"),
]
MEMBERS = {"browser": {"entries": ("text",), "entry": True}, "payments": {"criticality": 0.5, "role": "pays"}}
BROWSER, PLANNER, PAYMENTS = map(member, ("browser", "planner", "payments"))
SAID = f"document: {DOCUMENT}"
STRANGERS = "preset: stranger-text: lupinacci, measured 0.41 (direct injection, 7 of 17 models by its text, 6 by its tables)"


@pytest.fixture
def drawn(tmp_path):
    """Draws the system; its assumptions are those of the answers, which have tests of their own."""

    def run(kind, relations=RELATIONS, members=MEMBERS, **how):
        with open_engine(str(tmp_path / "kb.db"), mode="write") as engine:
            write_system(engine, relations, members=members)
            return replace(picture(engine, kind, **how), assumptions=(), base="")

    return run


def detail(heading, *texts, source=None):
    return Detail(heading, tuple(Line(text, source) for text in texts))


NO_SCORE = detail(
    "Score", "no score: the documents give no CVSS base, no threat multiplier, no mitigation factor, no factor sum"
)
WRITTEN = detail("Documents", "v (system)", source=DOCUMENT)
KNOWN = {
    BROWSER: (
        detail("In the system", "member of v", "criticality not given", "strangers reach it: text"),
        NO_SCORE,
        detail("Threats", "llm2025:LLM01, declared, susceptibility 0.8", source=DOCUMENT),
        WRITTEN,
    ),
    PLANNER: (
        detail("In the system", "member of v", "criticality not given"),
        NO_SCORE,
        detail("Threats", "owasp:T12, declared, not certain, susceptibility 0.5", source=DOCUMENT),
        WRITTEN,
    ),
    PAYMENTS: (
        detail("In the system", "member of v, pays", "criticality 0.5"),
        NO_SCORE,
        detail("Threats", "owasp:T12, declared, susceptibility 0.25", source=DOCUMENT),
        detail("Controls in place", "owasp:P1.1, coverage not given", source=DOCUMENT),
        WRITTEN,
    ),
}
CERTAINTY = {BROWSER: "mapped", PLANNER: "uncertain", PAYMENTS: None}
THREAT = {BROWSER: "llm2025:LLM01", PLANNER: "owasp:T12", PAYMENTS: "owasp:T12"}


def agent(agent_id, column, size, size_text, *details, **said):
    """The spot of an agent with what the base knows of it."""
    plain = Spot(
        id=agent_id,
        label=agent_id.partition("/")[2],
        kind="Agent",
        column=column,
        certainty=CERTAINTY[agent_id],
        size=size,
        size_text=size_text,
        threats=(THREAT[agent_id],),
        details=(*details, *KNOWN[agent_id]),
    )
    return replace(plain, **said)


def falls(agent_id, column, size, shown, **said):
    lines = (f"falls with {size:.4g} (exact)", "is harmed with 0", "0 further ways in", f"to owasp:T12: {shown} ({size:.4g})")
    return agent(agent_id, column, size, lines[0], detail("In this answer", *lines), **said)


def crossed(source, target, strength, probability):
    """A link of a cascade."""
    wiring = detail("Wiring", f"message: strength {strength:g}", source=SAID)
    return Link(source, target, "TRUSTS", "message", strength, SAID, ("owasp:T12",), ("L2",), probability, (wiring,))


def wired(source, target, strength, probability=None):
    """A link of the wiring: whatever can come over it, whoever faces it."""
    threats, layers = ("llm2025:LLM01", "owasp:T12", "owasp:T6"), ("L1", "L2", "L3")
    wiring = detail("Wiring", f"message, forward, strength {strength:g}")
    return Link(source, target, "TRUSTS", "message", strength, None, threats, layers, probability, (wiring,))


FIRST = (
    Factor("strength", 0.5, SAID, "browser ⇒ planner"),
    Factor("susceptibility", 0.5, f"owasp:T12, document: declared, {DOCUMENT}", "browser ⇒ planner"),
)
SECOND = (
    Factor("strength", 1.0, SAID, "planner ⇒ payments"),
    Factor("control fails", 0.5, "owasp:P1.1, tactic: proactive (assumed), whole coverage 1", "planner ⇒ payments"),
    Factor("susceptibility", 0.25, f"owasp:T12, document: declared, {DOCUMENT}", "planner ⇒ payments"),
)
TO_PLANNER = PictureChain((BROWSER, PLANNER), (0,), 0.25, FIRST, ("L1", "L2"))
TO_PAYMENTS = PictureChain((BROWSER, PLANNER, PAYMENTS), (0, 1), 0.03125, (*FIRST, *SECOND), ("L1", "L2"))
CROSSED = (crossed(BROWSER, PLANNER, 0.5, 0.25), crossed(PLANNER, PAYMENTS, 1.0, 0.03125))


def test_a_cascade_has_everybody_who_falls_as_large_as_they_are_likely_to(drawn):
    assert drawn("cascade", agent="browser") == Picture(
        kind="cascade",
        question="If v/browser falls, who falls next?",
        answer="If v/browser falls: both other agents can fall; most likely planner, 25\u202f%",
        command="kb map --cascade browser",
        columns=("falls first", "1 step", "2 steps"),
        size_means="probability of falling",
        spots=(
            agent(BROWSER, 0, 1.0, "falls first: that is what is asked", role="start"),
            falls(PLANNER, 1, 0.25, "25\u202f%", chain=0),
            falls(PAYMENTS, 2, 0.03125, "3.1\u202f%", chain=1),
        ),
        links=CROSSED,
        chains=(TO_PLANNER, TO_PAYMENTS),
        shown=3,
        total=3,
        schema_version=1,
    )


def test_a_what_if_is_a_second_state(drawn):
    answer = drawn("cascade", agent="browser", sever=["payments:planner"], given=["owasp:P1.1@planner"])
    assert answer.answer == (
        "If v/browser falls: both other agents can fall; most likely planner, 25\u202f%. "
        "With owasp:P1.1@v/planner, without v/payments:v/planner: planner 25\u202f% → 12\u202f%"
    )
    assert answer.states == (
        State("as it is", "Blast radius 0.2656"),
        State(
            "With owasp:P1.1@v/planner, without v/payments:v/planner",
            "Blast radius 0.2656 → 0.125",
            {PAYMENTS: (0.0, "falls with 0 (exact)"), PLANNER: (0.125, "falls with 0.125 (exact)")},
            (1,),
            {PLANNER: ("owasp:P1.1",)},
        ),
    )
    assert [(spot.id, spot.size) for spot in answer.spots] == [(BROWSER, 1.0), (PLANNER, 0.25), (PAYMENTS, 0.03125)]


def test_nobody_who_falls_is_a_picture_that_says_so(drawn):
    answer = drawn("cascade", agent="payments")
    assert (answer.answer, answer.links, answer.chains) == ("If v/payments falls: nobody falls with it", (), ())
    assert [spot.id for spot in answer.spots] == [PAYMENTS]


def test_agents_that_stay_are_named(drawn):
    answer = drawn("cascade", agent="planner")
    assert answer.answer == "If v/planner falls: 1 of 2 other agents can fall; payments, 12\u202f%; browser does not"


def test_paths_are_their_links_and_their_chains(drawn):
    way = detail("In this answer", "browser ⇒ planner ⇒ payments: 0.03125")
    assert drawn("paths", fallen="browser", hit=["payments"]) == Picture(
        kind="paths",
        question="How does v/browser take v/payments along?",
        answer="1 path; the likeliest is browser ⇒ planner ⇒ payments, 3.1\u202f%",
        command="kb map --paths browser payments",
        columns=("falls first", "1 step", "2 steps"),
        size_means="probability of the best path through it",
        spots=(
            agent(BROWSER, 0, 1.0, "falls first: that is what is asked", role="start"),
            agent(PLANNER, 1, 0.03125, "on a path of 3.1\u202f% (0.03125)", way, chain=0),
            agent(PAYMENTS, 2, 0.03125, "on a path of 3.1\u202f% (0.03125)", way, chain=0, role="goal"),
        ),
        links=CROSSED,
        chains=(TO_PAYMENTS,),
        shown=3,
        total=3,
        schema_version=1,
    )


def test_where_there_is_no_path_the_other_way_is_named(drawn):
    answer = drawn("paths", fallen="payments", hit=["browser"])
    assert answer.answer == "no path from v/payments to v/browser; there is one the other way: kb paths v/browser v/payments"
    assert [(spot.id, spot.role, spot.size) for spot in answer.spots] == [(PAYMENTS, "start", 1.0), (BROWSER, "goal", None)]


def test_around_an_agent_is_what_comes_before_and_after_it_and_what_it_faces(drawn):
    faced = Link(
        *("owasp:T12", PLANNER, "FACES", "declared"),
        threats=("owasp:T12",),
        details=(Detail("Evidence", (Line("declared, not certain, susceptibility 0.5", DOCUMENT),)),),
    )
    assert drawn("agent", agent="planner") == Picture(
        kind="agent",
        question="What is around v/planner?",
        answer="planner: it acts on what browser says; payments acts on what it says; documents say that it faces 1 threat",
        command="kb map --agent planner",
        columns=("what documents say it faces", "1 step before", "the agent", "1 step after"),
        size_means="how many agents trust it",
        spots=(
            Spot("owasp:T12", "owasp:T12", "Threat", 0, threats=("owasp:T12",)),
            agent(BROWSER, 1, 1.0, "1 agent acts on what it says"),
            agent(PLANNER, 2, 1.0, "1 agent acts on what it says", role="start"),
            agent(PAYMENTS, 3, 0.0, "0 agents act on what it says"),
        ),
        links=(faced, wired(BROWSER, PLANNER, 0.5), wired(PLANNER, PAYMENTS, 1.0)),
        shown=3,
        total=3,
        schema_version=1,
    )


def test_more_steps_reach_further(drawn):
    assert [spot.id for spot in drawn("agent", agent="payments").spots] == ["owasp:T12", PLANNER, PAYMENTS]
    answer = drawn("agent", agent="payments", depth=3)
    assert [(spot.id, spot.column) for spot in answer.spots] == [
        *(("owasp:T12", 0), ("outside", 1), (BROWSER, 2), (PLANNER, 3), (PAYMENTS, 4)),
    ]
    assert answer.columns == (
        *("what documents say it faces", "3 steps before", "2 steps before", "1 step before", "the agent"),
    )


def test_who_shares_a_threat_stands_under_the_ground_for_it(drawn):
    def shared(agent_id, text):
        lines = (Detail("Evidence", (Line(text, DOCUMENT),)),)
        return Link("owasp:T12", agent_id, "FACES", "declared", threats=("owasp:T12",), details=lines)

    ground = detail("In this answer", "a document says so")
    assert drawn("threat", threat="T12") == Picture(
        kind="threat",
        question="Who shares owasp:T12?",
        answer="2 agents: 2 by documents (v/payments and v/planner)",
        command="kb map --threat T12",
        columns=("the threat", "a document says so"),
        size_means="how many agents trust it",
        spots=(
            Spot("owasp:T12", "owasp:T12", "Threat", 0, "start", threats=("owasp:T12",)),
            agent(PAYMENTS, 1, 0.0, "0 agents act on what it says", ground),
            agent(PLANNER, 1, 1.0, "1 agent acts on what it says", ground),
        ),
        links=(
            shared(PAYMENTS, "declared, susceptibility 0.25"),
            shared(PLANNER, "declared, not certain, susceptibility 0.5"),
        ),
        shown=2,
        total=2,
        schema_version=1,
    )


def test_a_threat_that_nobody_faces_says_so(drawn):
    relations = [*RELATIONS, faces("planner", "owasp:T2")]
    assert drawn("threat", relations=relations, threat="T2").shown == 1
    with pytest.raises(LookupError):
        drawn("threat", threat="owasp:T99")


def test_a_system_runs_from_strangers_inwards(drawn):
    entry = Link(
        *("outside", BROWSER, "TRUSTS", "outside-text", 0.51, STRANGERS, ("llm2025:LLM01", "owasp:T6"), ("L1", "L3")),
        0.51 * 0.8,
        (Detail("Wiring", (Line("content: strength 0.51", STRANGERS), Line("strangers reach it", "an entry of v"))),),
    )
    answer = drawn("system")
    assert replace(answer, chains=(), spots=(), links=()) == Picture(
        kind="system",
        question="How is v wired, and what can strangers reach?",
        answer="3 agents, 2 relations of trust; strangers write to 1 and can take all 3 along; most likely browser, 41\u202f%",
        command="kb map --system v",
        columns=("strangers", "1 step in", "2 steps in", "3 steps in"),
        size_means="how many agents trust it",
        spots=(),
        links=(),
        shown=3,
        total=3,
        schema_version=1,
    )
    p = [0.51 * 0.8, 0.51 * 0.8 * 0.25, 0.51 * 0.8 * 0.25 * 0.125]
    assert answer.links[0] == entry
    assert [replace(link, probability=None) for link in answer.links[1:]] == [
        wired(BROWSER, PLANNER, 0.5),
        wired(PLANNER, PAYMENTS, 1.0),
    ]
    assert [link.probability for link in answer.links] == pytest.approx(p)
    assert [(chain.spots, chain.links) for chain in answer.chains] == [
        (("outside", BROWSER), (0,)),
        (("outside", BROWSER, PLANNER, PAYMENTS), (0, 1, 2)),
        (("outside", BROWSER, PLANNER), (0, 1)),
    ]
    assert answer.spots == (
        Spot("outside", "strangers", "outside", 0, "start", size_text="strangers write what they want"),
        agent(
            BROWSER, 1, 1.0, "1 agent acts on what it says", told("0.408 (exact)", "llm2025:LLM01: 41\u202f% (0.408)"), chain=0
        ),
        agent(PLANNER, 2, 1.0, "1 agent acts on what it says", told("0.102 (exact)", "owasp:T12: 10\u202f% (0.102)"), chain=2),
        agent(
            PAYMENTS,
            3,
            0.0,
            "0 agents act on what it says",
            told("0.01275 (exact)", "owasp:T12: 1.3\u202f% (0.01275)"),
            chain=1,
        ),
    )


def told(falling, threat):
    return detail("When strangers write", f"falls with {falling}", f"to {threat}")


def test_without_strangers_a_system_runs_as_compromise_can(drawn):
    answer = drawn("system", members={})
    assert answer.answer == "3 agents, 2 relations of trust; no document says that strangers reach one of them"
    assert [(spot.id, spot.column) for spot in answer.spots] == [(BROWSER, 0), (PLANNER, 1), (PAYMENTS, 2)]
    assert answer.columns == ("level 1", "level 2", "level 3")


def test_a_plan_has_a_state_for_each_step(drawn):
    answer = drawn("plan", fallen=BROWSER, budget=1, samples=1024)
    assert answer.question == "If v/browser falls, which step lowers the expected loss most?"
    now, after = answer.states
    assert (now.name, now.sizes, now.gone, now.placed) == ("as it is", {}, (), {})
    assert (after.name, after.gone, after.placed) == ("after step 1", (0,), {})
    assert now.text.startswith("Expected loss 0.2")
    assert after.text == f"Sever planner's trust in browser. {now.text} → 0"
    assert {agent_id: size for agent_id, (size, _) in after.sizes.items()} == {PLANNER: 0.0, PAYMENTS: 0.0}
    assert [text for _, text in after.sizes.values()] == ["falls no longer", "falls no longer"]


def test_a_cascade_with_a_budget_has_a_state_for_each_step_of_the_best_plan(drawn):
    answer = drawn("cascade", agent="browser", budget=1)
    assert answer.answer.endswith(
        "; most likely planner, 25\u202f%. With the best step: planner 25\u202f% → 0\u202f%, and 100\u202f% less is lost"
    )
    assert answer.states == (
        State("as it is", "Blast radius 0.2656"),
        State(
            "after step 1",
            "Sever planner's trust in browser. Blast radius 0.2656 → 0",
            {PAYMENTS: (0.0, "falls no longer"), PLANNER: (0.0, "falls no longer")},
            (0,),
        ),
    )
    controlled = drawn("cascade", agent="browser", budget=1, controls_only=True)
    (placed,) = (state.placed for state in controlled.states[1:])
    assert list(placed) == [PLANNER]
    assert controlled.states[1].sizes[PLANNER] == (0.125, "falls with 0.125, 0.25 as it is")
    assert controlled.command == "kb map --cascade browser --budget 1 --controls-only"
    assert drawn("cascade", agent="payments", budget=1).answer.endswith("nobody falls with it")


def test_of_a_plan_the_protected_are_goals_and_controls_are_placed(drawn):
    answer = drawn("plan", fallen=BROWSER, budget=2, samples=1024, sever=False, protect=["payments"])
    assert [(spot.id, spot.role) for spot in answer.spots] == [(BROWSER, "start"), (PLANNER, ""), (PAYMENTS, "goal")]
    assert [sorted(state.placed) for state in answer.states] == [[], [PAYMENTS], [PAYMENTS, PLANNER]]
    sizes = [answer.spots[-1].size, *(state.sizes[PAYMENTS][0] for state in answer.states[1:])]
    assert sizes == sorted(sizes, reverse=True)
    assert answer.command == "kb map --plan --from v/browser --budget 2 --samples 1024 --controls-only --protect payments"


ALIKE = [faces(name, "owasp:T12", 0.5) for name in ("hub", "c", "b", "a", "end")]
ALIKE += [trusts(name, "hub", 0.5) for name in "abc"] + [trusts("end", name, 0.5) for name in "abc"]


def test_three_that_are_alike_are_one_spot(drawn):
    answer = drawn("cascade", relations=ALIKE, members={}, agent="hub")
    assert [(spot.id, spot.label, spot.members) for spot in answer.spots] == [
        ("v/hub", "hub", ()),
        ("v/a+2", "a +2", ("v/a", "v/b", "v/c")),
        ("v/end", "end", ()),
    ]
    assert [(link.source, link.target) for link in answer.links] == [("v/a+2", "v/end"), ("v/hub", "v/a+2")]
    assert [chain.spots for chain in answer.chains] == [("v/hub", "v/a+2"), ("v/hub", "v/a+2", "v/end")]
    assert answer.spots[1].details[0] == Detail(
        "3 agents alike; what follows is of v/a",
        tuple(Line(f"v/{name} (v/{name})", "falls with 0.25 (exact)") for name in "abc"),
    )
    assert (answer.shown, answer.total, answer.more) == (5, 5, None)


def test_what_is_alike_stands_apart_where_asked(drawn):
    answer = drawn("cascade", relations=ALIKE, members={}, agent="hub", collapse=False)
    assert [spot.id for spot in answer.spots] == ["v/hub", "v/a", "v/b", "v/c", "v/end"]
    assert answer.command == "kb map --cascade hub --no-collapse"


def test_a_capped_picture_keeps_the_likeliest_with_their_chains_and_says_how_many(drawn):
    likelier = [*ALIKE, faces("end", "owasp:T6", 1.0)]
    answer = drawn("cascade", relations=likelier, members={}, agent="hub", collapse=False, max_nodes=3)
    assert [(spot.id, spot.chain) for spot in answer.spots] == [("v/hub", None), ("v/a", 1), ("v/end", 0)]
    assert (answer.shown, answer.total, answer.more) == (3, 5, "--max-nodes 5")
    assert (answer.complete, answer.truncated_by) == (False, "max-nodes 3: 3 of 5 agents")


NOTES = [
    *(faces(name, "owasp:T1", 0.5) for name in ("writer", "reader")),
    faces("writer", "llm2025:LLM01"),
    faces("reader", "llm2025:LLM01"),
]


def test_what_agents_share_is_a_spot_between_them(drawn):
    uses = [
        Relation("USES", member("writer"), "memory:notes", {"access": "write", "places": ("x.yaml:3",)}, DOCUMENT),
        Relation("USES", member("reader"), "memory:notes", {"access": "read", "strength": 0.5}, DOCUMENT),
    ]
    answer = drawn("cascade", relations=[*NOTES, *uses], members={}, agent="writer")
    assert [(spot.id, spot.kind, spot.column) for spot in answer.spots] == [
        ("v/writer", "Agent", 0),
        ("memory:notes", "Resource", 1),
        ("v/reader", "Agent", 2),
    ]
    assert [(link.source, link.target, link.kind, link.channel) for link in answer.links] == [
        ("memory:notes", "v/reader", "USES", "shared-memory"),
        ("v/writer", "memory:notes", "USES", "shared-memory"),
    ]
    assert answer.chains[0].spots == ("v/writer", "memory:notes", "v/reader")
    paths = drawn("paths", relations=[*NOTES, *uses], members={}, fallen="writer", hit=["reader"])
    assert [(chain.spots, chain.probability) for chain in paths.chains] == [(answer.chains[0].spots, 0.25)]


def test_words_that_make_no_picture_say_why(drawn, tmp_path):
    with pytest.raises(UsageError, match="no picture 'cascad'") as raised:
        drawn("cascad", agent="browser")
    assert raised.value.hint == "did you mean 'cascade'?"
    with pytest.raises(UsageError, match="max-nodes is 0"):
        drawn("cascade", agent="browser", max_nodes=0)
    with open_engine(str(tmp_path / "none.db"), mode="write") as engine, pytest.raises(StoreError):
        picture(engine, "system")


def test_every_kind_is_tried_here():
    assert set(PICTURES) == {"cascade", "paths", "agent", "threat", "system", "plan"}
