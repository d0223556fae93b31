"""Every question that `kb ask` answers, by name: importing this imports them all."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from kb.questions.agents_at import agents_at
from kb.questions.agents_like import agents_like
from kb.questions.answer import Answer
from kb.questions.blast_ranking import blast_ranking
from kb.questions.choke_points import choke_points
from kb.questions.claims_check import claims_check
from kb.questions.coverage import coverage
from kb.questions.crosswalk import crosswalk
from kb.questions.layer_heatmap import layer_heatmap
from kb.questions.mitigations_for import mitigations_for
from kb.questions.score_ranking import score_ranking
from kb.questions.shared_threats import shared_threats
from kb.questions.threats_of import threats_of
from kb.questions.unscored import unscored

QUESTIONS: Mapping[str, Callable[..., Answer]] = MappingProxyType(
    {
        "shared_threats": shared_threats,
        "agents_like": agents_like,
        "threats_of": threats_of,
        "agents_at": agents_at,
        "coverage": coverage,
        "mitigations_for": mitigations_for,
        "crosswalk": crosswalk,
        "layer_heatmap": layer_heatmap,
        "score_ranking": score_ranking,
        "unscored": unscored,
        "claims_check": claims_check,
    }
)
"""Every question by its stem; ``kb ask`` calls it the same with dashes."""

ANALYSES: Mapping[str, Callable[..., Answer]] = MappingProxyType({"choke_points": choke_points, "blast_ranking": blast_ranking})
"""What ``kb ask`` answers by following compromise: no look-up, so without a twin in Cypher and SQL."""
