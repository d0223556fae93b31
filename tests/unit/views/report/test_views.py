"""A report as a page and as Markdown: the same figures, and names that are nothing but names."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from hostile import CROWD
from kb.questions.pictures.picture import Picture
from kb.views.drawings.label import legible
from kb.views.report.document import report_document
from kb.views.report.markdown import code, escaped, to_markdown
from kb.views.report.page import to_page
from kb.views.report.picture import drawing_of
from reports import loaded, reported

VOID = {"meta"}
PLAIN = "Plain name"


class Elements(HTMLParser):
    """The elements of a page as they nest, each with its attributes but those whose values are text; and its words."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.open, self.found, self.words, self.styles, self.policy, self.ids, self.leads = [], [], [], [], "", [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        self.found.append((len(self.open), tag, tuple(sorted(name for name in said))))
        self.policy = said.get("content", "") if "http-equiv" in said else self.policy
        self.ids += [said["id"]] if "id" in said else []
        self.leads += [said["href"]] if "href" in said else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        (self.styles if self.open and self.open[-1] == "style" else self.words).append(data)

    def shape(self):
        """The elements without those that stand for how long or how foreign a text is."""
        return [(tag, names) for _, tag, names in self.found if tag not in ("bdi", "span", "text", "code", "tspan")]


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return reported(tmp_path_factory.mktemp("report"))


def named(report, text, key=""):
    """``report`` with ``text`` wherever a document may hold words of its own."""
    free = ("name", "role", "title", "path", "url", "as_of", "parser", "remarks", "quote", "place")
    if isinstance(report, dict):
        inner = {name: named(value, text, name) for name, value in report.items()}
        return inner | {"names": dict.fromkeys(report["names"], text)} if "names" in report else inner
    if isinstance(report, list):
        return [named(part, text, key) for part in report]
    if isinstance(report, str) and key in ("text", "texts", "items"):
        return f"{report} {text}"
    return text if isinstance(report, str) and key in free else report


@pytest.fixture(scope="module")
def plain(report):
    """The document of a report on agents with names that are only names."""
    return report_document(named(report, PLAIN))


@pytest.fixture(scope="module")
def plain_shape(plain):
    return Elements(to_page(plain)).shape()


@pytest.fixture(scope="module")
def plain_blocks(plain):
    return structure(to_markdown(plain))[0]


def test_a_page_is_well_formed_and_leads_only_into_itself(report):
    page = Elements(to_page(report_document(report)))
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert {lead.removeprefix("#") for lead in page.leads} <= set(page.ids)
    assert {tag for _, tag, _ in page.found}.isdisjoint({"script", "img", "link", "iframe", "object", "form", "base"})


def test_the_policy_lets_in_the_style_of_the_page_and_nothing_else(report):
    page = Elements(to_page(report_document(report)))
    (style,) = page.styles
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert page.policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert re.findall(r"url\(|@import|expression", style) == []


def test_a_picture_brings_its_style_into_the_page(tmp_path):
    with loaded(tmp_path) as base:
        picture = base.picture("cascade", agent="outside", system="till")
        found = base.report()
    assert isinstance(picture, Picture)
    page = Elements(to_page(report_document(found, {"till": drawing_of(picture)})))
    (style,) = page.styles
    assert ".kb-paper" in style
    assert sum(tag == "svg" and "viewbox" in names for _, tag, names in page.found) == 5 + 3


def test_page_and_markdown_show_the_figures_of_the_report(report):
    document = report_document(report)
    words = "".join(Elements(to_page(document)).words)
    markdown = to_markdown(document)
    (part,) = report["systems"]
    for row in part["ranking"]["rows"]:
        assert f"{row['exposure']:.4f}" in words
        assert f"{row['exposure']:.4f}" in markdown
    for chain in part["from_outside"]["chains"]:
        arithmetic = " × ".join(f"{factor['value']:.4g}" for factor in chain["factors"])
        assert f"{arithmetic} = {chain['chain_probability']:.4g}" in words
        assert f"{arithmetic} = **{chain['chain_probability']:.4g}**" in markdown
    for step in part["plan"]["steps"]:
        assert f"{step['loss_after']:.4g}" in words
    for row in report["sources"]["documents"]:
        assert row["id"].removeprefix("sha256:") in words
        assert row["id"].removeprefix("sha256:") in markdown


def test_every_assumption_and_every_unknown_is_shown(report):
    words = "".join(Elements(to_page(report_document(report))).words)
    told = [text for part in report["assumptions"] for text in part["texts"]] + [row["text"] for row in report["unknowns"]]
    assert [text for text in told if text not in words] == []


@pytest.mark.parametrize("name", CROWD, ids=range(len(CROWD)))
def test_a_name_changes_no_element_of_the_page(report, plain_shape, name):
    page = Elements(to_page(report_document(named(report, name))))
    assert page.shape() == plain_shape
    assert legible(name)[:100] in "".join(page.words)


def structure(markdown):
    """The blocks and, in them, what is not text or code."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(markdown)
    inline = {child.type for token in tokens for child in token.children or ()}
    return [token.type for token in tokens], inline


@pytest.mark.parametrize("name", CROWD, ids=range(len(CROWD)))
def test_a_name_changes_no_block_of_the_markdown(report, plain_blocks, name):
    blocks, inline = structure(to_markdown(report_document(named(report, name))))
    assert blocks == plain_blocks
    assert inline <= {"text", "code_inline", "strong_open", "strong_close"}


@pytest.mark.parametrize("name", CROWD, ids=range(len(CROWD)))
def test_markdown_reads_back_as_the_name(name):
    shown = legible(name)
    (_, token, _) = MarkdownIt("commonmark").parse(f"x {escaped(name)} x") if shown.strip() else (0, None, 0)
    if token is not None:
        assert "".join(child.content for child in token.children) == f"x {shown} x"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", "`plain`"),
        ("a`b", "`` a`b ``"),
        ("``", "``` `` ```"),
        (" x", "`  x `"),
    ],
)
def test_code_holds_backticks_and_blanks(text, written):
    assert code(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("[x](javascript:alert(1))", "`[x](javascript:alert(1))`"),
        ("<img onerror>", r"\<img onerror\>"),
        ("a | b", r"a \| b"),
        ("**b** _i_ `c`", r"\*\*b\*\* \_i\_ \`c\`"),
        ("one\ntwo", r"one\\ntwo"),
        ("see https://elsewhere.example", "`see https://elsewhere.example`"),
        ("R&D &amp;", r"R\&D \&amp;"),
    ],
)
def test_what_means_something_in_markdown_is_escaped(text, written):
    assert escaped(text) == written
