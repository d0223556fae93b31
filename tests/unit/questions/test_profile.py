"""What a profile says of an agent that several documents speak of, and of one that a system deploys."""

from pathlib import Path

import pytest

from kb.engines.protocol import Batch
from kb.engines.registry import open_engine
from kb.errors import AmbiguousNodeError, StoreError, UnknownNodeError
from kb.model.graph import CatalogContent, Node, Relation
from kb.questions.profile import profile

CATALOG = CatalogContent(
    "test",
    (
        Node("Layer", "L3", {"name": "Agent Frameworks"}),
        Node("Threat", "owasp:T2", {"name": "Tool Misuse", "catalog": "owasp", "form": "threat"}),
        Node("Threat", "owasp:T6", {"name": "Intent Breaking", "catalog": "owasp", "form": "threat"}),
        Node("Capability", "aivss:self_modification", {"name": "Self-Modification"}),
        Node("Mitigation", "owasp:P1", {"name": "A control", "catalog": "owasp", "form": "playbook"}),
    ),
    (),
)


def document(number, subject, **properties):
    return Node(
        "Assessment",
        f"sha256:{number:064d}",
        {"kind": "page", "series": f"s{number}", "subject": subject, "parser": "p/1", "in_force": True, **properties},
    )


def said(kind, source, target, by, **properties):
    return Relation(kind, source, target, properties, by.id if by else None)


@pytest.fixture
def engine(tmp_path: Path):
    with open_engine(str(tmp_path / "kb.db"), mode="write") as opened:
        yield opened


def written(engine, nodes, relations):
    engine.write(Batch(catalog=CATALOG, nodes=nodes, relations=relations))
    return engine


FULL = document(1, "codegen", form="full", cvss_base=8.5, claimed_aivss=9.6, claimed_severity="Critical", claims="hold")
TABLE = document(2, "codegen", form="table", as_of="2026-11-20")
OURS = document(3, "codegen", kind="assessment")
PRODUCT = Node("Agent", "codegen", {"name": "Codegen", "form": "product", "cvss_base": 8.5})


def about(*documents):
    return [Relation("ABOUT", doc.id, "codegen", {}, doc.id, "Agent") for doc in documents]


def test_documents_that_differ_unite_by_precedence(engine):
    written(
        engine,
        [PRODUCT, FULL, TABLE, OURS],
        [
            *about(FULL, TABLE, OURS),
            said("HAS_CAPABILITY", "codegen", "aivss:self_modification", TABLE, score=0.1),
            said("HAS_CAPABILITY", "codegen", "aivss:self_modification", FULL, score=0.2),
            said("ASSESSED_AT", "codegen", "L3", TABLE, certainty="uncertain"),
            said("ASSESSED_AT", "codegen", "L3", OURS, certainty="mapped"),
        ],
    )
    answer = profile(engine, "codegen")
    assert answer["scores"]["factors"]["self_modification"] == 0.2
    assert answer["scores"]["factors"]["autonomy_of_action"] is None
    assert answer["scores"]["sources"] == {"self_modification": FULL.id, "cvss_base": FULL.id}
    assert answer["scores"]["claimed"] == {"factor_sum": None, "aars": None, "aivss": 9.6, "severity": "Critical"}
    assert answer["layers"] == [{"id": "L3", "certainty": "mapped", "name": "Agent Frameworks"}]
    assert [row["id"] for row in answer["assessments"]] == [OURS.id, FULL.id, TABLE.id]
    assert answer["base"] == engine.base.fingerprint


def test_several_quotes_are_all_there_and_the_first_stands_out(engine):
    faces = said(
        "FACES",
        "codegen",
        "owasp:T2",
        FULL,
        origin="stated",
        layer="L3",
        quotes=("one", "", "two"),
        places=("p:1", "p:2", "p:3"),
    )
    written(engine, [PRODUCT, FULL], [*about(FULL), faces])
    assert profile(engine, "codegen")["threats"] == [
        {
            "id": "owasp:T2",
            "layer": "L3",
            "origin": "stated",
            "certainty": None,
            "polarity": "stated",
            "quote": "one",
            "place": "p:1",
            "name": "Tool Misuse",
            "rule": None,
            "evidence": [
                {"quote": "one", "place": "p:1"},
                {"quote": None, "place": "p:2"},
                {"quote": "two", "place": "p:3"},
            ],
            "via": None,
            "assessment": FULL.id,
        }
    ]


WIRING = document(4, "shop", kind="system")
DEPLOYED = Node("Agent", "shop/coder", {"name": "Coder", "form": "deployed"})
DEPLOYMENT = [
    said("MEMBER_OF", "shop/coder", "shop", WIRING),
    said("BASED_ON", "shop/coder", "codegen", WIRING),
    said("FACES", "codegen", "owasp:T2", FULL, origin="declared"),
    said("FACES", "codegen", "owasp:T6", FULL, origin="declared"),
    said("RULES_OUT", "shop/coder", "owasp:T6", WIRING),
    said("IMPLEMENTS", "codegen", "owasp:P1", FULL),
    said("HAS_CAPABILITY", "codegen", "aivss:self_modification", FULL, score=0.2),
]
INHERITED = [{"relation": "BASED_ON", "from": "shop/coder", "to": "codegen"}]


def test_a_deployed_agent_has_what_its_product_has_but_for_what_it_rules_out(engine):
    shop = Node("System", "shop", {"name": "Shop", "infer": True})
    written(engine, [PRODUCT, DEPLOYED, shop, FULL, WIRING], DEPLOYMENT)
    answer = profile(engine, "coder")
    assert answer["id"] == "shop/coder"
    assert [(row["id"], row["polarity"], row["via"]) for row in answer["threats"]] == [
        ("owasp:T2", "stated", INHERITED),
        ("owasp:T6", "denied", None),
    ]
    assert [(row["id"], row["via"]) for row in answer["implements"]] == [("owasp:P1", INHERITED)]
    assert answer["scores"]["factors"]["self_modification"] == 0.2
    assert answer["assumptions"] == ["self_modification of its product codegen (BASED_ON)"]
    assert [row["id"] for row in answer["based_on"]] == ["codegen"]
    assert [row["id"] for row in profile(engine, "codegen")["deployed_as"]] == ["shop/coder"]


def test_a_system_that_infers_nothing_hands_nothing_down(engine):
    shop = Node("System", "shop", {"name": "Shop", "infer": False})
    written(engine, [PRODUCT, DEPLOYED, shop, FULL, WIRING], DEPLOYMENT)
    answer = profile(engine, "shop/coder")
    assert [(row["id"], row["polarity"]) for row in answer["threats"]] == [("owasp:T6", "denied")]
    assert answer["scores"]["factors"]["self_modification"] is None
    assert answer["assumptions"] == []


def test_a_system_lists_its_members(engine):
    shop = Node("System", "shop", {"name": "Shop", "infer": True})
    about_shop = Relation("ABOUT", WIRING.id, "shop", {}, WIRING.id, "System")
    written(engine, [PRODUCT, DEPLOYED, shop, FULL, WIRING], [*DEPLOYMENT, about_shop])
    answer = profile(engine, "shop")
    assert (answer["kind"], answer["name"], answer["infer"]) == ("System", "Shop", True)
    assert [row["id"] for row in answer["members"]] == ["shop/coder"]
    assert [row["id"] for row in answer["assessments"]] == [WIRING.id]


def test_what_is_not_there_is_named_with_what_comes_near(engine):
    written(engine, [PRODUCT, FULL], about(FULL))
    with pytest.raises(UnknownNodeError, match="no node 'codegne' in the base; did you mean 'codegen'"):
        profile(engine, "codegne")


def test_a_hash_is_cut_as_short_as_it_is_clear(engine):
    written(engine, [PRODUCT, FULL, TABLE], about(FULL, TABLE))
    with pytest.raises(AmbiguousNodeError, match=f"'sha256:00' is ambiguous: {FULL.id}, {TABLE.id}"):
        profile(engine, "sha256:00")
    assert profile(engine, FULL.id)["id"] == FULL.id


def test_an_empty_store_has_nothing_to_show(engine):
    with pytest.raises(StoreError, match="nothing has been loaded yet"):
        profile(engine, "codegen")
