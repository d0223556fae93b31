"""Small graphs in which everything that the look-ups read happens often."""

from hypothesis import strategies as st

from kb.model.aivss import ALL_FACTORS
from kb.model.graph import Node, Relation
from kb.model.schema import SEVERITIES
from oracle.graph import Graph

PRODUCTS = ("codegen", "planner")
DEPLOYED = ("north/coder", "north/planner", "south/coder")
SYSTEMS = ("north", "south")
THREATS = ("asi:ASI02", "llm2025:LLM01", "maestro:L3-03", "owasp:T2")
LAYERS = ("L3", "XL")
MITIGATIONS = ("aidefend:AID-H-002", "owasp:P1.1")
DOCUMENTS = ("sha256:0a", "sha256:0b")
RETIRED = "sha256:0c"
PREDICATES = ("maps_to", "maps_to_primary", "related", "renumbered_to", "skos:exactMatch")

NAMES = st.none() | st.sampled_from(["Zebra", "älg", "𝒜gent", '<b>"x"</b>'])
CERTAINTY = st.sampled_from([None, "mapped", "uncertain"])
STATUS = st.sampled_from([None, "published", "inferred", "assumed"])
SHARE = st.sampled_from([None, 0.0, 0.5, 1.0])
SOURCES = st.lists(st.sampled_from(["OWASP, 2026", "ATLAS"]), max_size=2).map(tuple)


def relation(kind, starts, ends, *, documents=(None,), **properties):
    """One relation of ``kind``; a property drawn as ``None`` is absent."""
    return st.builds(
        lambda source, target, document, found: Relation(
            kind, source, target, {name: value for name, value in found.items() if value is not None}, document
        ),
        st.sampled_from(starts),
        st.sampled_from(ends),
        st.sampled_from(documents),
        st.fixed_dictionaries(properties),
    )


AGENTS = (*PRODUCTS, *DEPLOYED)
WORDS = st.sampled_from(
    [{}, {"quotes": ("it may",), "places": ("page.txt:3",)}, {"quotes": ("a", "b"), "places": ("p:1", "p:2")}]
)


def faces(origin, rule, documents):
    return st.builds(
        lambda plain, words: Relation(plain.kind, plain.source, plain.target, {**plain.properties, **words}, plain.assessment),
        relation(
            "FACES",
            (*PRODUCTS, *AGENTS),
            ("owasp:T2", *THREATS),
            documents=documents,
            origin=st.sampled_from(origin),
            layer=st.sampled_from((None, *LAYERS)),
            rule=st.just(rule),
            certainty=CERTAINTY,
            polarity=st.sampled_from([None, "stated", "mitigated"]),
        ),
        WORDS,
    )


RULED_OUT = st.builds(
    lambda plain, words: Relation(plain.kind, plain.source, plain.target, {**plain.properties, **words}, plain.assessment),
    relation(
        "RULES_OUT", (*DEPLOYED, *AGENTS), ("owasp:T2", *THREATS), documents=DOCUMENTS, layer=st.sampled_from((None, *LAYERS))
    ),
    WORDS,
)

FACTORS = tuple(f"aivss:{name}" for name in ALL_FACTORS)

# each kind with the least and the most that are drawn of it: enough that assertions about one pair meet
SAID = (
    (faces(("stated", "declared"), None, DOCUMENTS), 8, 20),
    (faces(("inferred",), "owasp-decision-path", (None,)), 0, 5),
    (RULED_OUT, 2, 6),
    (relation("ASSESSED_AT", AGENTS, LAYERS, documents=DOCUMENTS, certainty=CERTAINTY), 0, 8),
    (relation("IMPLEMENTS", AGENTS, MITIGATIONS, documents=DOCUMENTS, coverage=SHARE), 2, 6),
    (relation("BASED_ON", DEPLOYED, PRODUCTS, documents=DOCUMENTS), 3, 5),
    (relation("MEMBER_OF", DEPLOYED, SYSTEMS, documents=DOCUMENTS), 3, 6),
    (relation("COUNTERS", MITIGATIONS, THREATS, status=STATUS, sources=SOURCES, effectiveness=SHARE), 2, 6),
    (
        relation(
            "MAPS_TO", THREATS, THREATS, predicate=st.sampled_from(PREDICATES), status=STATUS, sources=SOURCES, confidence=SHARE
        ),
        0,
        6,
    ),
    (relation("HAS_CAPABILITY", AGENTS, (*FACTORS, "cap:memory"), documents=DOCUMENTS, score=SHARE), 0, 12),
)

FIGURE = st.sampled_from([None, 0.0, 1.0, 9.4])


@st.composite
def agent(draw, agent_id):
    form = "deployed" if agent_id in DEPLOYED else "product"
    known = {"name": draw(NAMES), "form": form, "aivss_version": draw(st.sampled_from([None, "0.8", "0.5"]))}
    known |= {name: draw(FIGURE) for name in ("cvss_base", "threat_multiplier", "mitigation_factor", "factor_sum", "aivss")}
    known |= {"severity": draw(st.none() | st.sampled_from(SEVERITIES)), "flags": draw(st.sampled_from([None, ("clamped",)]))}
    return Node("Agent", agent_id, {name: value for name, value in known.items() if value is not None})


@st.composite
def document(draw, document_id):
    known = {"kind": "page", "series": f"page:{document_id}:full", "parser": "page 1", "subject": draw(st.sampled_from(AGENTS))}
    known |= {"name": draw(NAMES), "url": draw(st.sampled_from([None, "https://example.org/x"]))}
    known |= {"claims": draw(st.sampled_from([None, "hold", "differ", "unchecked"])), "in_force": document_id != RETIRED}
    known |= {"claim_faults": draw(st.sampled_from([None, ("AIVSS 9.4 printed, 9.3 computed",)]))}
    return Node("Assessment", document_id, {name: value for name, value in known.items() if value is not None})


@st.composite
def graphs(draw):
    """A graph of five agents, four threats and all relations that look-ups read, each identity once."""
    nodes = [draw(agent(agent_id)) for agent_id in AGENTS]
    nodes += [draw(document(document_id)) for document_id in (*DOCUMENTS, RETIRED)]
    for system in SYSTEMS:
        infer = draw(st.sampled_from([None, True, False]))
        nodes.append(Node("System", system, {} if infer is None else {"infer": infer}))
    for threat in THREATS:
        nodes.append(Node("Threat", threat, {"catalog": threat.split(":")[0], "form": "threat", "name": threat.upper()}))
    for mitigation in MITIGATIONS:
        nodes.append(Node("Mitigation", mitigation, {"catalog": mitigation.split(":")[0], "form": "technique"}))
    nodes += [Node("Layer", layer, {"name": f"Layer {layer}"}) for layer in LAYERS]
    nodes += [Node("Capability", capability) for capability in (*FACTORS, "cap:memory")]
    lists = [draw(st.lists(kind, min_size=least, max_size=most, unique_by=lambda one: one.key)) for kind, least, most in SAID]
    relations = [relation for drawn in lists for relation in drawn]
    return Graph(nodes, list({one.key: one for one in relations}.values()))
