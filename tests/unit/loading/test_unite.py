"""One agent out of all that its documents say."""

from itertools import permutations

from kb.loading import unite  # pytest would take a name that begins with Test for a test
from kb.loading.unite import united_agent, united_scores
from kb.model.graph import Node, Relation
from kb.model.schema import Value

TEN = (
    "autonomy_of_action",
    "goal_driven_planning",
    "self_modification",
    "dynamic_tool_use",
    "persistent_memory",
    "contextual_awareness",
    "dynamic_identity",
    "multi_agent_interactions",
    "non_determinism",
    "opacity_reflexivity",
)


def said(key: str, form: str | None = None, **properties: Value) -> Node:
    return Node("Assessment", key, ({"form": form} if form else {}) | properties)


def score(factor: str, value: float | None, assessment: str) -> Relation:
    return Relation("HAS_CAPABILITY", "a", factor, {} if value is None else {"score": value}, assessment)


def test_a_document_that_says_nothing_leaves_an_agent_called_by_its_id_without_any_figure() -> None:
    assert united_agent(unite.Testimony("a", [said("d")], [])) == Node("Agent", "a", {"name": "a", "form": "product"})


def test_our_document_wins_over_a_full_page_and_that_over_a_table_and_the_rest_are_conflicts() -> None:
    documents = [
        said("sha256:table", "table", name="Table", cvss_base=7.0),
        said("sha256:full", "full", name="Full", cvss_base=8.0, mitigation_factor=0.9),
        said("sha256:ours", name="Ours"),
    ]
    expected = Node(
        "Agent",
        "a",
        {
            "name": "Ours",
            "form": "product",
            "cvss_base": 8.0,
            "mitigation_factor": 0.9,
            "conflicts": (
                "name: Ours from sha256:ours stands against Full from sha256:full, Table from sha256:table",
                "cvss_base: 8.0 from sha256:full stands against 7.0 from sha256:table",
            ),
        },
    )

    assert [united_agent(unite.Testimony("a", order, [])) for order in permutations(documents)] == [expected] * 6


def test_among_documents_of_one_form_the_later_day_wins_and_then_the_smaller_hash() -> None:
    documents = [said("b", cvss_base=1.0), said("a", cvss_base=2.0), said("c", cvss_base=3.0, as_of="2026-11")]
    agent = united_agent(unite.Testimony("a", documents, []))

    assert (agent.properties["cvss_base"], agent.properties["conflicts"]) == (
        3.0,
        ("cvss_base: 3.0 from c stands against 2.0 from a, 1.0 from b",),
    )


def test_scores_unite_factor_by_factor_and_only_those_of_aivss_count() -> None:
    relations = [
        score("aivss:dynamic_tool_use", 0.2, "page"),
        score("aivss:dynamic_tool_use", 0.7, "ours"),
        score("aivss:persistent_memory", 0.4, "page"),
        score("aivss:dynamic_identity", None, "page"),
        score("cap:multi-agent", 0.9, "ours"),
    ]
    testimony = unite.Testimony("a", [said("page", "full"), said("ours")], relations)

    assert united_scores(testimony) == {"dynamic_tool_use": 0.7, "persistent_memory": 0.4}
    assert united_agent(testimony).properties["conflicts"] == ("dynamic_tool_use: 0.7 from ours stands against 0.2 from page",)


def test_a_score_is_recomputed_from_figures_of_several_documents() -> None:
    relations = [score(f"aivss:{factor}", 0.5, "page") for factor in TEN]
    documents = [said("page", "full", aivss_version="0.5"), said("ours", cvss_base=8.0, mitigation_factor=1.0)]
    united = united_agent(unite.Testimony("a", documents, relations)).properties

    assert "aivss" not in united
    assert united["factor_sum"] == 5.0


def test_a_vector_is_never_set_beside_the_base_score_of_another_document() -> None:
    vector = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"
    page = said("page", "full", cvss_base=9.3, cvss_vector=vector)

    alone = united_agent(unite.Testimony("a", [page], [])).properties
    beside = united_agent(unite.Testimony("a", [said("ours", cvss_base=5.0), page], [])).properties

    assert (alone["cvss_base"], alone["cvss_vector"]) == (9.3, vector)
    assert (beside["cvss_base"], beside.get("cvss_vector")) == (5.0, None)


def test_equal_figures_are_no_conflict() -> None:
    documents = [said("a", name="A", cvss_base=5.0), said("b", name="A", cvss_base=5.0)]

    assert united_agent(unite.Testimony("a", documents, [])) == Node(
        "Agent", "a", {"name": "A", "form": "product", "cvss_base": 5.0}
    )
