"""What signatures say to the command line."""

from kb.questions import QUESTIONS, parameters
from kb.questions.parameters import Parameter, Says


def test_a_parameter_without_a_default_is_an_argument():
    required = {stem: [found.name for found in parameters(function) if found.required] for stem, function in QUESTIONS.items()}
    assert {stem: names for stem, names in required.items() if names} == {
        "agents_like": ["agent"],
        "threats_of": ["agent"],
        "agents_at": ["layer"],
        "mitigations_for": ["target"],
        "crosswalk": ["threat"],
    }


def test_a_parameter_brings_its_meaning_and_its_default():
    by = parameters(QUESTIONS["layer_heatmap"])[0]
    assert by == Parameter("by", Says("What stands against the layers.", choices=("agents", "threats")), False, "agents")


def test_every_parameter_says_what_it_means():
    helps = [found.says.help for function in QUESTIONS.values() for found in parameters(function)]
    assert [text for text in helps if not text.endswith((".", "…"))] == []
