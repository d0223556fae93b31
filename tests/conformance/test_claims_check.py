"""claims-check: which documents contradict themselves."""

from kb.model.graph import Node
from kb.questions.claims_check import claims_check
from oracle.graph import graph_of


def document(document_id, subject, claims, **more):
    plain = {"kind": "page", "series": f"page:{subject}:full", "subject": subject, "parser": "page 1", "name": subject.upper()}
    return Node("Assessment", document_id, {**plain, "claims": claims, "in_force": True, **more})


FAULTS = ("AIVSS: 9.6 printed, 9.5 computed",)
GRAPH = graph_of(
    nodes=[
        Node("Agent", "codegen", {"form": "product"}),
        Node("Agent", "scout", {"form": "product"}),
        document("sha256:0b", "codegen", "differ", claim_faults=FAULTS, url="https://example.org/codegen"),
        document("sha256:0a", "scout", "differ", claim_faults=FAULTS),
        document("sha256:0c", "scout", "differ", claim_faults=FAULTS, in_force=False),
        document("sha256:0d", "scout", "hold"),
        document("sha256:0e", "scout", "unchecked"),
        document("sha256:0f", "codegen", "unchecked"),
    ]
)


def row(document_id, agent, url=None):
    plain = {"assessment": document_id, "agent": agent, "name": agent.upper(), "series": f"page:{agent}:full"}
    return plain | {"url": url, "faults": list(FAULTS)}


def test_documents_in_force_that_contradict_themselves_are_listed_and_the_others_counted(engine):
    engine.write(GRAPH.batch())
    answer = claims_check(engine)
    assert list(answer.rows) == [row("sha256:0b", "codegen", "https://example.org/codegen"), row("sha256:0a", "scout")]
    assert answer.remarks == ("1 hold", "2 unchecked: they print too few of the figures")


def test_an_agent_narrows_to_the_documents_about_it(engine):
    engine.write(GRAPH.batch())
    answer = claims_check(engine, agent="scout")
    assert list(answer.rows) == [row("sha256:0a", "scout")]
    assert answer.remarks == ("1 hold", "1 unchecked: they print too few of the figures")
