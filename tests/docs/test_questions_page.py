"""Every question is there in all its forms, and the page says what the code says."""

import re
import runpy
from pathlib import Path

from kb.library import SCHEMA_STEM
from kb.questions import QUESTIONS
from oracle.questions import ORACLE

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "questions.md"
GENERATOR = runpy.run_path(str(ROOT / "docs" / "generate_questions.py"))


def stems(folder: str, pattern: str) -> set[str]:
    return {path.stem for path in (ROOT / folder).glob(pattern)}


def test_each_question_has_its_cypher_twin_definition_function_module_test_and_section():
    sections = re.findall(r"^## (\w+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sections == list(QUESTIONS)
    assert set(QUESTIONS) == stems("cypher", "*.cypher") - {SCHEMA_STEM} == stems("kb/engines/embedded", "*.sql") == set(ORACLE)
    assert {name: function.__name__ for name, function in QUESTIONS.items()} == {name: name for name in QUESTIONS}
    assert set(QUESTIONS) <= stems("kb/questions", "*.py")
    assert {f"test_{name}" for name in QUESTIONS} <= stems("tests/conformance", "test_*.py")


def test_the_page_is_what_the_generator_makes_of_it():
    page = PAGE.read_text(encoding="utf-8")
    assert GENERATOR["rendered"](page) == page


def test_a_section_that_is_behind_the_code_is_made_anew():
    page = PAGE.read_text(encoding="utf-8")
    assert GENERATOR["rendered"](page.replace("jaccard", "overlap")) != page.replace("jaccard", "overlap")
