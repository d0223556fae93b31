"""Threat-model pages as HTML: reduced to page text, with the lines of the file, whatever the markup."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import InputError
from kb.loading.html import PageText, page_text
from kb.loading.pages import Page, parse_page
from kb.loading.recognize import recognize

PAGES = Path(__file__).parents[2] / "assets" / "pages"


def text(source: str) -> str:
    return page_text(source, "a.html").text


def read(data: bytes) -> Page:
    recognized = recognize(data, "a.html")
    assert recognized.kind == "html"
    (page,) = parse_page(recognized.text, "a.html", url=recognized.url, html=True, numbers=recognized.numbers)
    return page


def as_page_text() -> Page:
    (page,) = parse_page((PAGES / "harbour-pilot.full.txt").read_text(encoding="utf-8"), "a.txt")
    return page


def test_a_page_of_spans_reads_as_its_page_text_and_takes_the_id_of_its_canonical_address() -> None:
    read_page = read((PAGES / "harbour-pilot.spans.html").read_bytes()).assessment
    assert read_page == replace(
        as_page_text().assessment,
        form="html",
        series="page:harbour-pilot-mcp:html",
        subject="harbour-pilot-mcp",
        url="https://agent.distributedapps.ai/directory/harbour-pilot-mcp/threat-model",
    )


def test_a_page_with_a_table_gives_the_factors_and_layers_of_its_page_text() -> None:
    read_page, known = read((PAGES / "harbour-pilot.table.html").read_bytes()).assessment, as_page_text().assessment
    assert (read_page.factors, read_page.layers, read_page.cut) == (known.factors, known.layers, False)
    assert (read_page.series, read_page.remarks) == ("page:harbour-pilot:html", ())


@pytest.mark.parametrize("form", ["spans", "table"])
def test_the_paragraphs_of_html_are_those_of_page_text(form: str) -> None:
    paragraphs = read((PAGES / f"harbour-pilot.{form}.html").read_bytes()).paragraphs
    assert [replace(part, line=0) for part in paragraphs] == [replace(part, line=0) for part in as_page_text().paragraphs]


def test_a_paragraph_names_the_line_of_the_file_in_which_it_begins() -> None:
    data = (PAGES / "harbour-pilot.table.html").read_bytes()
    lines = data.decode().split("\n")
    for part in read(data).paragraphs:
        assert part.text[:20] in lines[part.line - 1]


def test_blocks_start_lines_inline_elements_run_on_and_rows_become_pipes() -> None:
    source = (
        "<html><head><title>x</title></head><body><nav>Home</nav>\n"
        "<h1>Foo<!-- --> &mdash; <b>agentic</b></h1>\n"
        "<p\n  class='a>b'>One &lt;b&gt;\n  two&nbsp;three<br>four</p>\n"
        "<table><tr><th>Factor<th>Score<tr><td>Tool <i>Use</i></td>\n<td><div>0.80</div></td><td></td></tr></table>\n"
        "<pre>a\nb</pre>5 < 6<script>if (1<2) '</div>'</script><style>p{}</style><svg><title>tick</title></svg>"
    )
    assert page_text(source, "a.html") == PageText(
        "Foo — agentic\nOne <b> two three\nfour\n| Factor | Score |\n| Tool Use | 0.80 |\na\nb\n5 < 6",
        (2, 4, 5, 6, 6, 8, 9, 9),
        None,
    )


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel="canonical" href="https://h/a?b&amp;c">', "https://h/a?b&c"),
        ("<META PROPERTY=og:url CONTENT=https://h/a>", "https://h/a"),
        ("<meta property='og:url' content='https://h/a'><link href='https://h/b' rel='canonical'>", "https://h/b"),
        ('<link rel="canonical" href="javascript:alert(1)">', None),
        ('<link rel="stylesheet" href="https://h/a">', None),
    ],
)
def test_the_address_is_the_canonical_one_else_that_for_sharing(head: str, url: str | None) -> None:
    assert page_text(f"<html><head>{head}</head><body>x</body></html>", "a.html").url == url


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<div>a<script>b", "a"),
        ("<div>a<!-- b", "a"),
        ("<div>a<div title='b", "a"),
        ("<div>a<p", "a"),
        ("a</ b>c<!b>d<?b?>e", "acde"),
        ("<p>a</div></span></p>b", "a\nb"),
        ("a<<b>c", "a<c"),
        ("&#0;&#xD800;&bogus;&", "��&bogus;&"),
        ("\ue0009\ue001a", "9 a"),
        ("", ""),
    ],
)
def test_broken_markup_is_read_as_far_as_it_goes(source: str, expected: str) -> None:
    assert text(source) == expected


@pytest.mark.parametrize("markup", ["<div>" * 100_000, "<span>" * 300_000, "<table><tr><td>" * 50_000, "</p>" * 300_000])
def test_more_elements_than_any_page_has_are_refused(markup: str) -> None:
    with pytest.raises(InputError) as caught:
        page_text("<html>\n" + markup, "a.html")
    assert str(caught.value) == "a.html:2: more than 20,000 elements of HTML; a page has some hundreds"


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 19_000,
        "<div " + " ".join(f"a{number}" for number in range(300_000)) + ">x",
        "".join(f"<b a{number}>" for number in range(90_000)) + "<p>x" * 19_000,
        '<div a="' * 500_000,
        "<div " * 500_000,
        "<!--" * 500_000,
        "<script>" * 500_000,
        "<" * 5_000_000,
        "&" * 5_000_000,
        "\nx" * 2_000_000,
    ],
    ids=["deep", "attributes", "formatting", "quotes", "tags", "comments", "scripts", "angles", "ampersands", "lines"],
)
def test_hostile_markup_is_read_in_linear_time(markup: str) -> None:
    """Each of these would take minutes to days in time that grows with the square of its length."""
    assert len(page_text(f"<html>AIVSS{markup}", "a.html").text) <= len(markup) + 11


@settings(deadline=None)
@given(st.text(alphabet="<>/!-='\" \nabdiprtv&;", max_size=200))
def test_any_text_is_read_and_every_line_has_its_place(source: str) -> None:
    result = page_text(source, "a.html")
    assert len(result.numbers) == (len(result.text.split("\n")) if result.text else 0)
    assert list(result.numbers) == sorted(result.numbers)
    assert all(1 <= number <= source.count("\n") + 1 for number in result.numbers)


def test_without_the_extra_the_error_names_it() -> None:
    program = (
        "import sys; sys.modules['selectolax'] = sys.modules['selectolax.lexbor'] = None\n"
        "from kb.errors import InputError\n"
        "from kb.loading.recognize import recognize\n"
        "try: recognize(b'<html>AIVSS', 'a.html')\n"
        "except InputError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == (
        "a.html: reading HTML pages needs the optional part 'html' of agent-threat-kb, which is not installed; "
        "install the extra: python -m pip install 'agent-threat-kb[html]'\n"
    )
