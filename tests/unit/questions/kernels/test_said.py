"""What answers take for granted: one sentence for all of a kind, what moves the answer most first."""

from kb.engines.registry import open_engine
from kb.questions.cascade import cascade
from systems import faces, implements, trusts, write_system


def test_all_of_a_kind_is_one_sentence_with_every_id(tmp_path):
    relations = [
        *(faces(name, "owasp:T6") for name in "abcdef"),
        *(trusts(name, "a", channel="delegation") for name in "bc"),
        *(trusts(name, "a", channel="sequence") for name in "def"),
        implements("b", "owasp:P1.1"),
        implements("c", "owasp:P1.1", coverage=0.5),
        implements("d", "owasp:P6.3"),
    ]
    with open_engine(str(tmp_path / "kb.db"), mode="write") as engine:
        write_system(engine, relations, members={"b": {"criticality": 0.5}})
        said = cascade(engine, "v/a", max_hops=1)["assumptions"]
    assert said[:6] == [
        "no way of more than one hop is followed, as was asked for; longer ones are not impossible",
        "susceptibilities are AIVSS means read as probabilities; they move answers most",
        "strength by preset, where no document gives one: 1 of peer-text (lupinacci, measured 0.82), "
        "0.75 of next-in-line (delegation-depth, measured 0.6)",
        "susceptibility 0.5, as no factor is scored: to what comes over message of v/b, v/c, v/d, v/e, v/f",
        "effectiveness by tactic of owasp:P6.3: detective (assumed), whole coverage 1; "
        "owasp:P1.1: proactive (assumed), coverage 0.5; owasp:P1.1: proactive (assumed), whole coverage 1",
        "criticality 1 of v/c, v/d, v/e, v/f, as no document gives one",
    ]
