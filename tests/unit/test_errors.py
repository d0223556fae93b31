"""What every error of ours has in common."""

import pickle
from collections.abc import Iterator
from importlib import import_module
from inspect import getdoc
from pkgutil import walk_packages

import pytest

import kb
from kb import errors
from kb.errors import Fault, KbError

SAMPLES: dict[type[KbError], tuple[tuple[object, ...], str]] = {
    errors.UnknownNodeError: (("agent", "qwen", ("qwen3-coder",)), "no agent 'qwen' in the base; did you mean 'qwen3-coder'?"),
    errors.AmbiguousNodeError: (("planner", ("x/planner", "y/planner")), "'planner' is ambiguous: x/planner, y/planner"),
    errors.UsageError: (("no question 'who'", "see the list"), "no question 'who'"),
    errors.FacesNothingError: (("'a' faces no threat", "take it to"), "'a' faces no threat"),
    errors.InputError: (((Fault("a.txt", 3, "odd"), Fault("a.txt", 9, "odder")),), "a.txt:3: odd\na.txt:9: odder"),
    errors.UnknownKindError: (((Fault("a.txt", 1, "of no known kind"),),), "a.txt:1: of no known kind"),
    errors.SchemaError: (("no node kind 'Robot'",), "no node kind 'Robot'"),
    errors.LibraryError: (("cypher/x.cypher:2", "no order"), "cypher/x.cypher:2: no order"),
    errors.StoreError: (("kb.db", "is damaged", "restore it"), "kb.db: is damaged"),
    errors.StaleBaseError: (("kb.db", "somebody else wrote", "again"), "kb.db: somebody else wrote"),
    errors.OutputError: (("out.json", "No space left"), "cannot write out.json: No space left"),
    errors.MissingExtraError: (
        ("reading HTML", "html"),
        "reading HTML needs the optional part 'html' of agent-threat-kb, which is not installed",
    ),
}


def below(root: type[KbError]) -> Iterator[type[KbError]]:
    for kind in root.__subclasses__():
        yield kind
        yield from below(kind)


def test_every_error_of_the_package_is_in_one_module_and_has_a_sample_here() -> None:
    for module in walk_packages(kb.__path__, "kb."):
        if not module.name.endswith("__main__") and not module.name.startswith("kb.engines.neo4j"):
            import_module(module.name)

    assert set(below(KbError)) == SAMPLES.keys()
    assert {kind.__module__ for kind in SAMPLES} == {"kb.errors"}
    assert kb.KbError is KbError


@pytest.mark.parametrize("kind", SAMPLES, ids=lambda kind: kind.__name__)
def test_an_error_is_documented_survives_pickling_and_says_a_sentence(kind: type[KbError]) -> None:
    args, sentence = SAMPLES[kind]
    error = kind(*args)
    again = pickle.loads(pickle.dumps(error))

    assert (getdoc(kind) or "").startswith("Raised ")
    assert str(error) == sentence
    assert (type(again), again.args, str(again), again.hint) == (kind, error.args, sentence, error.hint)
    assert kind.__name__.endswith("Error")
    assert kind.exit_code in (2, 3, 4, 5)


def test_what_people_catch_elsewhere_catches_ours_too() -> None:
    builtin = {
        kind.__name__: [base.__name__ for base in kind.__mro__ if base in (LookupError, ValueError, ImportError)]
        for kind in SAMPLES
    }

    assert builtin == {
        "UnknownNodeError": ["LookupError"],
        "AmbiguousNodeError": ["LookupError"],
        "UsageError": ["ValueError"],
        "FacesNothingError": ["ValueError"],
        "InputError": ["ValueError"],
        "UnknownKindError": ["ValueError"],
        "SchemaError": ["ValueError"],
        "LibraryError": [],
        "StoreError": [],
        "StaleBaseError": [],
        "OutputError": [],
        "MissingExtraError": ["ImportError"],
    }


def test_a_node_without_a_near_miss_and_a_fault_read_as_sentences() -> None:
    assert str(errors.UnknownNodeError("threat", "T99")) == "no threat 'T99' in the base"
    assert str(Fault("a.txt", 3, "odd")) == "a.txt:3: odd"
    assert errors.InputError([Fault("a", 1, "x")]).faults == (Fault("a", 1, "x"),)
    assert errors.MissingExtraError("x", "html").hint == "install the extra: python -m pip install 'agent-threat-kb[html]'"
