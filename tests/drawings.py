"""Pictures to draw: two that are small enough to follow, and a strategy for any."""

from dataclasses import replace

from hypothesis import strategies as st

from kb.model.schema import NODE_KINDS, SEVERITIES
from kb.questions.pictures.picture import Factor, Link, Picture, PictureChain, Spot, State
from kb.views.style import CHANNEL_STROKE


def _agent(name: str, column: int, size: float | None, severity: str | None, certainty: str | None, **more: object) -> Spot:
    said = Spot(f"desk/{name}", name.capitalize(), "Agent", column, severity=severity, certainty=certainty, size=size)
    return replace(said, size_text=f"falls with {size} (exact)", **more)


CASCADE = Picture(
    kind="cascade",
    question="If desk/reader falls, who falls next?",
    answer="If desk/reader falls: all 3 other agents can fall; most likely planner, 15 %",
    command="kb map --cascade desk/reader",
    columns=("falls first", "1 step", "2 steps"),
    size_means="probability of falling",
    spots=(
        _agent("reader", 0, 1.0, None, None, role="start"),
        _agent("planner", 1, 0.15, "Critical", "mapped", chain=0),
        Spot("memory:notes", "memory:notes", "Resource", 1, size=0.075, size_text="0.075 likely hostile"),
        _agent("payments", 2, 0.0825, "High", "uncertain", chain=1),
        _agent("archive", 2, 0.004, "None", None),
    ),
    links=(
        Link("desk/reader", "desk/planner", "TRUSTS", "message", 0.5, "document: desk.yaml:15"),
        Link("desk/planner", "desk/payments", "TRUSTS", "message", 1.0),
        Link("desk/planner", "desk/payments", "TRUSTS", "tool-call", 0.5),
        Link("desk/planner", "memory:notes", "USES", "shared-memory"),
        Link("memory:notes", "desk/archive", "TRUSTS", "shared-memory", 0.3),
        Link("desk/payments", "desk/planner", "TRUSTS", "tool-call", 0.0),
        Link("desk/reader", "desk/archive", "TRUSTS", "artifact", 0.05),
    ),
    chains=(
        PictureChain(
            ("desk/reader", "desk/planner"), (0,), 0.15, (Factor("strength", 0.5, "desk.yaml:15", "reader ⇒ planner"),)
        ),
        PictureChain(("desk/reader", "desk/planner", "desk/payments"), (0, 1), 0.075, ()),
    ),
    shown=4,
    total=4312,
    more="--max-nodes 400",
    complete=False,
    truncated_by="floor 0.001",
    assumptions=("strength 0.3 of tool-result", "criticality 1"),
    base="1f" * 32,
    schema_version=1,
)
"""A cascade with a resource, a link back, one over two columns, two in parallel, and agents that are left out."""

PLAN = replace(
    CASCADE,
    kind="plan",
    question="If desk/reader falls, which 2 steps lower the expected loss most?",
    answer="Expected loss 0.2144 → 0.09326 (57 % less)",
    command="kb map --plan --from desk/reader --budget 2",
    states=(
        State("as it is", "expected loss 0.2144"),
        State(
            "after step 2",
            "expected loss 0.09326",
            sizes={"desk/planner": (0.075, "falls with 0.075"), "desk/payments": (0.02, "falls with 0.02")},
            gone=(2,),
            placed={"desk/planner": ("aidefend:AID-H-002", "owasp:P1.1")},
        ),
    ),
    shown=4,
    total=4,
    more=None,
    complete=True,
    truncated_by=None,
)
"""The same before and after a plan."""

EMPTY = Picture("system", "How is nothing wired?", "no agents", "kb map --system x", (), "how many agents trust it", (), ())


def named(picture: Picture, name: str) -> Picture:
    """``picture`` with ``name`` in every free text."""
    return replace(
        picture,
        question=f"If {name} falls?",
        answer=f"{name} falls",
        command=f"kb map {name}",
        columns=tuple(name for _ in picture.columns),
        spots=tuple(replace(spot, label=name, size_text=name, members=(name,)) for spot in picture.spots),
        links=tuple(replace(link, strength_source=name) for link in picture.links),
        states=tuple(replace(state, name=name, text=name) for state in picture.states),
        more=picture.more and name,
        truncated_by=picture.truncated_by and name,
    )


@st.composite
def pictures(draw: st.DrawFn, names: st.SearchStrategy[str], most: int = 30) -> Picture:
    """Any picture: spots of any kind in any column, any links between them, also to themselves."""
    columns = draw(st.integers(1, 5))
    count = draw(st.integers(1, most))
    spots = tuple(
        Spot(
            f"s{number}",
            draw(names),
            draw(st.sampled_from(["Agent", "Agent", "Agent", "outside", *NODE_KINDS])),
            draw(st.integers(0, columns - 1)),
            role=draw(st.sampled_from(["", "", "", "start", "goal"])),
            severity=draw(st.sampled_from([None, *SEVERITIES])),
            certainty=draw(st.sampled_from([None, "mapped", "uncertain"])),
            size=draw(st.none() | st.floats(0, 1)),
        )
        for number in range(count)
    )
    ends = st.integers(0, count - 1).map(lambda number: f"s{number}")
    links = draw(
        st.lists(
            st.builds(Link, ends, ends, st.just("TRUSTS"), st.sampled_from(list(CHANNEL_STROKE)), _strengths()), max_size=40
        )
    )
    headings = tuple(draw(names) for _ in range(columns))
    return Picture("cascade", draw(names), draw(names), draw(names), headings, "probability of falling", spots, tuple(links))


def _strengths() -> st.SearchStrategy[float | None]:
    return st.none() | st.floats(0, 1)
