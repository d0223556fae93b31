"""Ids made from names, and ids for short."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.catalog import catalog
from kb.model.ids import DOCUMENT_ID, expand_short_id, slugify


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Qwen3\u2011Coder", "qwen3-coder"),
        ("Qwen3-Coder", "qwen3-coder"),
        ("  Harbour   Pilot! ", "harbour-pilot"),
        ("snake_case.name", "snake-case-name"),
        ("Café Zoë", "cafe-zoe"),
        ("Ｆｕｌｌ Ｗｉｄｔｈ", "full-width"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("ﬁne ½", "fine-1-2"),
        ("C++", "c"),
        ("\u202eevil\u202c", "evil"),
        ("</script><b>", "script-b"),
        ("=1+1", "1-1"),
        ("\x1b[31mred", "31mred"),
        ("Łódź", "odz-bc8847fc"),
        ("智能体", "2df7697d"),
    ],
)
def test_a_slug_is_made_of_the_letters_and_digits_that_ascii_has(name: str, slug: str) -> None:
    assert slugify(name) == slug


@pytest.mark.parametrize("name", ["", "!?", "\u200b", "\ud800", "🐍"])
def test_a_name_of_which_nothing_is_left_is_eight_digits(name: str) -> None:
    assert re.fullmatch("[0-9a-f]{8}", slugify(name))


def test_names_that_lose_different_letters_do_not_meet() -> None:
    assert len({slugify(name) for name in ("Агент 1", "Шгент 1", "智 1", "1")}) == 4
    assert slugify("Cafe\u0301 智") == slugify("Café 智")


@given(st.text())
def test_every_slug_is_a_legal_id_and_is_its_own_slug(name: str) -> None:
    slug = slugify(name)

    assert DOCUMENT_ID.fullmatch(slug)
    assert slugify(slug) == slug


@pytest.mark.parametrize("text", ["a", "a1", "a.b-c_d", "0"])
def test_an_id_of_a_document_is_made_of_words_and_single_marks(text: str) -> None:
    assert DOCUMENT_ID.fullmatch(text)


@pytest.mark.parametrize("text", ["", "A", "-a", "a-", "a--b", "a b", "a/b", "é", "a\n", "..", "sha256:a"])
def test_what_could_be_a_path_an_option_or_markup_is_no_id_of_a_document(text: str) -> None:
    assert not DOCUMENT_ID.fullmatch(text)


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("T2", ("owasp:T2",)),
        ("t17", ("owasp:T17",)),
        ("LLM01", ("llm2025:LLM01", "llm2026:LLM01")),
        ("asi02", ("asi:ASI02",)),
        ("CR03", ("aivss:CR03",)),
        ("L3-03", ("maestro:L3-03",)),
        ("XL-01", ("maestro:XL-01",)),
        ("AML.T0051", ("atlas:AML.T0051",)),
        ("aml.t0051.001", ("atlas:AML.T0051.001",)),
        ("AID-H-002", ("aidefend:AID-H-002",)),
        ("AID-H-002.001", ("aidefend:AID-H-002.001",)),
        ("P1.1", ("owasp:P1.1",)),
        ("p3.1.10", ("owasp:P3.1.10",)),
        ("l3", ("L3",)),
        ("XL", ("XL",)),
        ("owasp:T2", ()),
        ("qwen3-coder", ()),
        ("T2\n", ()),
        ("", ()),
    ],
)
def test_a_short_id_tells_its_catalogue_by_its_form(text: str, full: tuple[str, ...]) -> None:
    assert expand_short_id(text) == full


def test_every_id_of_the_catalogue_but_the_capabilities_has_a_short_form_that_leads_to_it() -> None:
    for kind in ("Threat", "Layer", "Mitigation"):
        for node_id in catalog().ids(kind):
            assert node_id in expand_short_id(node_id.rpartition(":")[2]), node_id
