"""What a file is, by its content."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import InputError
from kb.loading.files import MAX_FILE_BYTES
from kb.loading.recognize import MAX_HTML_BYTES, MAX_PAGE_BYTES, Recognized, recognize

PAGES = Path(__file__).parents[2] / "assets" / "pages"
TABLE = (PAGES / "harbour-pilot.table.txt").read_bytes()
NEITHER = "neither a threat-model page nor a document with `kind: assessment` or `kind: system`"
NO_PAGE = "no threat-model page: no title that ends in '— agentic threat model' above a score rationale"
NO_HTML_PAGE = "HTML that shows no threat-model page; where scripts build the page, save it from the browser once it is shown"


def kind(data: bytes) -> str:
    return recognize(data, "a").kind


def reason(data: bytes) -> str:
    recognized = recognize(data, "a")
    assert (recognized.kind, recognized.text) == ("unknown", "")
    return recognized.reason


def fault(data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        recognize(data, "a")
    return str(caught.value)


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.txt")), ids=lambda path: path.stem)
def test_pages_as_text_are_pages(path: Path) -> None:
    data = path.read_bytes()
    assert recognize(data, "anything.bin") == Recognized("page", data.decode())


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_pages_as_html_are_known_by_their_text(path: Path) -> None:
    assert kind(path.read_bytes()) == "html"


@pytest.mark.parametrize(
    "text",
    [
        "kind: assessment\nagent: {id: a}\n",
        "\ufeff# ours\n---\nid: s\nkind: system\n",
        "kind: other\n---\nkind: system\n",
        "'kind' : \"assessment\"\n",
        "\r\nagent: {id: a}\r\nkind: assessment\r\n",
        "{kind: system, id: s}",
        "# ours\n---\n{kind: system, id: s}",
        "- agent: {id: a}\n  kind: assessment\n- kind: assessment\n",
        '{"agent": {"kind": "x", "id": "}{"}, "kind": "assessment"}',
        '[{"kind": "assessment"}, {"kind": "system"}]',
        "kind: assessment\nsource:\n  title: Codegen — agentic threat model\n",
    ],
)
def test_our_documents_are_known_by_a_kind_at_their_top(text: str) -> None:
    assert recognize(text.encode(), "a") == Recognized("document", text.removeprefix("\ufeff"))


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=8), st.recursive(st.text(max_size=8), st.lists, max_leaves=5), max_size=5))
def test_json_is_a_document_whatever_stands_beside_its_kind(rest: dict[str, object]) -> None:
    assert kind(json.dumps(rest | {"kind": "system"}).encode()) == "document"
    assert kind(json.dumps({"inside": rest | {"kind": "system"}}).encode()) == "unknown"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "the file is empty"),
        (b" \r\n\t\n", "the file is empty"),
        (b"\xef\xbb\xbf\n", "the file is empty"),
        (b"\x00\x00", "the file is binary: it holds NUL bytes"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "the file is binary: it holds NUL bytes"),
        ("Grüße\n".encode("latin-1"), "byte 0xfc is no UTF-8; save the file as UTF-8"),
        ("Text".encode("utf-16"), "the text is UTF-16; save it as UTF-8"),
        (b"Some notes.\n", NEITHER),
        (b"a,b\n1,2\n", NEITHER),
        (b"x" * 50_000_000, NEITHER),
        (b"[" * 1_000_000 + b"kind", NEITHER),
        (b'{"a": {"kind": "system"}}', NEITHER),
        (b"items:\n  kind: system\n", NEITHER),
        (b"kind: Deployment\n", "kind 'Deployment' is none that can be loaded (assessment or system)"),
        (b"AgentReadyHomeAgent Listing\n\nWhat is the OWASP AIVSS?\n", NO_PAGE),
        (b"AgentReadyHomeAgent Li", NO_PAGE),
        (b"What is MAESTRO?\n\nMAESTRO 7-layer threat model\n", NO_PAGE),
        (b"A \xe2\x80\x94 agentic threat model\n\nOne.\n\nTwo.\n", NEITHER),
        (b"<html><body>Hello</body></html>", "HTML that does not speak of a threat model"),
        (b"<!doctype html><title>AIVSS</title><h1>What is AIVSS?</h1>", NO_HTML_PAGE),
        (b"<!doctype html><title>A - agentic threat model</title><div id=root></div><script>'AIVSS'</script>", NO_HTML_PAGE),
        (b"\n" * (MAX_FILE_BYTES - 10) + b"x" * 20, f"the file has more than {MAX_FILE_BYTES:,} bytes; split it"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_what_is_none_of_ours_has_a_reason(data: bytes, expected: str) -> None:
    assert reason(data) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (TABLE.replace(b"cranes", b"Kr\xe4ne", 1), "a:2: byte 0xe4 is no UTF-8; save the file as UTF-8"),
        (TABLE.replace(b"cranes", b"cr\x00nes", 1), "a:2: the file is binary: it holds NUL bytes"),
        (TABLE.decode().encode("utf-16"), "a:1: the text is UTF-16; save it as UTF-8"),
        (TABLE + b"\n" * MAX_PAGE_BYTES, f"a: the page has more than {MAX_PAGE_BYTES:,} bytes; save it alone"),
        (TABLE + b"x" * 50_000_000, f"a: the page has more than {MAX_PAGE_BYTES:,} bytes; save it alone"),
        (TABLE + b"\n" * MAX_FILE_BYTES, f"a: the file has more than {MAX_FILE_BYTES:,} bytes; split it"),
        (
            b"<html>AIVSS" + b" " * MAX_HTML_BYTES,
            f"a: the page has more than {MAX_HTML_BYTES:,} bytes; save it alone",
        ),
        (b"# c\nkind: assesment\n", "a:2: there is no kind 'assesment'; did you mean 'assessment'?"),
        (b"kind: system\nname: \xff\n", "a:2: byte 0xff is no UTF-8; save the file as UTF-8"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_what_is_ours_but_cannot_be_taken_is_a_fault(data: bytes, expected: str) -> None:
    assert fault(data) == expected


@pytest.mark.parametrize("tail", [b"", b"\n", b" \r\n"])
def test_a_character_that_the_cut_has_halved_is_left_out(tail: bytes) -> None:
    at = TABLE.index("—".encode(), 200)
    assert [recognize(TABLE[: at + more] + tail, "a").text.rstrip() for more in (1, 2)] == [TABLE[:at].decode().rstrip()] * 2


def test_a_halved_character_with_words_after_it_is_a_fault() -> None:
    at = TABLE.index("—".encode(), 200)
    assert fault(TABLE[: at + 2] + b"\nmore").endswith("byte 0xe2 is no UTF-8; save the file as UTF-8")


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_recognised(data: bytes) -> None:
    recognized = recognize(data, "a")
    assert (recognized.kind == "unknown") == bool(recognized.reason)
