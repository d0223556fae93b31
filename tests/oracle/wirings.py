"""Small systems in which everything that a cascade knows of happens often, and few enough draws to try every world."""

from hypothesis import strategies as st

from kb.model.graph import Relation
from oracle.cascade import Described
from systems import DOCUMENT, faces, implements, member, trusts

NAMES = "abcd"
THREATS = ("owasp:T12", "owasp:T6", "llm2025:LLM01", "owasp:T2", "owasp:T9", "owasp:T3", "owasp:T1", "owasp:T11", "owasp:T16")
CONTROLS = ("owasp:P1.1", "owasp:P4.1", "owasp:P2.1", "aidefend:AID-H-002", "aidefend:AID-H-004.003")
STARTS = ("owasp:T12", "owasp:T9")
"""What ``a`` faces always."""
STRENGTHS = (1.0, 1.0, 0.5, 0.25, None)
"""``None``: the preset of the channel, which is mostly neither."""
WIRINGS = (
    ("delegation", "forward", "message"),
    ("delegation", "backward", "message"),
    ("message", "forward", "message"),
    ("tool-call", "forward", "call"),
    ("tool-call", "backward", "content"),
    ("tool-call", "backward", "tool"),
    ("artifact", "forward", "code"),
)
RESOURCES = ("memory:notes", "data:wiki", "mcp:desk", "model:large")
ENTRIES = ("text", "content", "knowledge", "tools", "packages")


@st.composite
def wirings(draw) -> Described:
    """Up to four agents, with cycles, relays, resources, entries, controls with coverage, inferred facing."""
    names = NAMES[: draw(st.integers(2, 4))]
    some = st.sampled_from(names)
    declared = draw(st.sets(st.tuples(some, st.sampled_from(THREATS)), min_size=4, max_size=9)) | {
        ("a", STARTS[0]),
        ("a", STARTS[1]),
    }
    relations = [faces(*pair, draw(st.sampled_from((1.0, 1.0, 0.5, 0.25)))) for pair in sorted(declared)]
    wired = st.tuples(some, some, st.sampled_from(WIRINGS)).filter(lambda drawn: drawn[0] != drawn[1])
    first = ("b", "a", draw(st.sampled_from(WIRINGS[:2])))
    for one, other, wiring in sorted({first} | draw(st.sets(wired, min_size=2, max_size=6))):
        relations.append(trust(one, other, wiring, draw(st.sampled_from(STRENGTHS))))
    shared = st.tuples(some, st.sampled_from(RESOURCES), st.sampled_from(("read", "write", "call")))
    for name, resource, access in sorted(draw(st.sets(shared, max_size=5))):
        relations.append(uses(name, resource, access, draw(st.sampled_from(STRENGTHS))))
    for name in draw(st.sets(some, max_size=len(names) - 1)):
        relations += draw(traits(name))
    for name, control in sorted(draw(st.sets(st.tuples(some, st.sampled_from(CONTROLS)), max_size=2))):
        coverage = draw(st.sampled_from((None, 0.5, 1.0)))
        relations.append(implements(name, control, **({} if coverage is None else {"coverage": coverage})))
    members = {name: draw(properties) for name in names}
    return Described(relations, draw(st.booleans()), members)


@st.composite
def traits(draw, name: str) -> list[Relation]:
    """What an agent is, or is not: a server without a model, one that runs no code, one whose factors are scored."""
    lacking = draw(st.sets(st.sampled_from(("cap:language-model", "cap:code-execution", "cap:memory")), max_size=2))
    scored = draw(st.sets(st.sampled_from(("autonomy_of_action", "dynamic_tool_use", "non_determinism")), max_size=3))
    out = draw(st.sets(st.sampled_from(THREATS), max_size=2))
    return [
        *(has(name, capability, 0.0) for capability in sorted(lacking)),
        *(has(name, f"aivss:{factor}", draw(st.sampled_from((1.0, 0.0, 0.5)))) for factor in sorted(scored)),
        *(Relation("RULES_OUT", member(name), threat, {}, DOCUMENT) for threat in sorted(out)),
    ]


properties = st.fixed_dictionaries(
    {},
    optional={
        "criticality": st.sampled_from((0.0, 0.5, 1.0)),
        "entries": st.sets(st.sampled_from(ENTRIES), max_size=2).map(lambda drawn: tuple(sorted(drawn))),
    },
)


def trust(one: str, other: str, wiring: tuple[str, str, str], strength: float | None = None) -> Relation:
    channel, flow, over = wiring
    return trusts(one, other, strength, channel=channel, flow=flow, over=over)


def uses(name: str, resource: str, access: str, strength: float | None = None) -> Relation:
    said = {"access": access} | ({} if strength is None else {"strength": strength})
    return Relation("USES", member(name), resource, said, DOCUMENT)


def has(name: str, capability: str, score: float) -> Relation:
    return Relation("HAS_CAPABILITY", member(name), capability, {"score": score}, DOCUMENT)
