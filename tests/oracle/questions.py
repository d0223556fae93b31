"""Every question by its stem, as a plain definition over two lists: obviously right, and slow."""

from oracle.controls import coverage, mitigations_for
from oracle.layers import agents_at, layer_heatmap
from oracle.mappings import crosswalk
from oracle.scores import claims_check, score_ranking, unscored
from oracle.sharing import agents_like, shared_threats, threats_of

ORACLE = {
    function.__name__: function
    for function in (
        shared_threats,
        agents_like,
        threats_of,
        agents_at,
        coverage,
        mitigations_for,
        crosswalk,
        layer_heatmap,
        score_ranking,
        unscored,
        claims_check,
    )
}
