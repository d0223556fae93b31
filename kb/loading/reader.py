"""From one file to the documents in it: recognised by content, parsed, their threats found."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from hashlib import sha256
from typing import NamedTuple

from kb.errors import Fault, UnknownKindError
from kb.loading.arrivals import Arrival
from kb.loading.assertions import assessment_node, relations_of
from kb.loading.pages import Page
from kb.loading.parsed import Finding, ParsedAssessment, ParsedSystem, ThreatClaim
from kb.loading.system_assertions import system_assessment, system_relations


class Source(NamedTuple):
    """A file of the input."""

    path: str
    """As the user knows it, and as places name it."""
    place: str
    """Where its bytes are."""
    named: bool
    """Whether the user named the file itself, so that it must be of a known kind."""


def assessment_id(data: bytes, number: int = 1) -> str:
    """The id of the ``number``-th document of the file that holds ``data``."""
    digest = f"sha256:{sha256(data).hexdigest()}"
    return digest if number == 1 else f"{digest}#{number}"


def arrivals_from(source: Source, data: bytes) -> list[Arrival]:
    """The documents of the file, in their order.

    Raises :class:`~kb.errors.UnknownKindError` for a file of no known kind, and :class:`~kb.errors.InputError` with every
    fault of one that cannot be taken whole.
    """
    documents = list(_documents(source, data))
    arrivals = []
    for number, document in enumerate(documents, 1):
        assessment = assessment_id(data, number)
        arrivals.append(_arrival(source, document, assessment, len(documents)))
    return arrivals


def _arrival(source: Source, document: ParsedAssessment | ParsedSystem, assessment: str, documents: int) -> Arrival:
    parser = parser_version(document.kind)
    if isinstance(document, ParsedSystem):
        node = system_assessment(document, assessment, parser, source.path, documents)
        return Arrival(source.path, node, system_relations(document, assessment, source.path))
    node = assessment_node(document, assessment, parser, source.path, documents)
    return Arrival(source.path, node, relations_of(document, assessment, source.path))


@cache
def parser_version(kind: str) -> str:
    """Name and version of what reads documents of ``kind``; changes with whatever may read one differently."""
    if kind == "page":
        from kb.loading.pages import PARSER_VERSION
        from kb.loading.tagger import tagger_version

        return f"page/{PARSER_VERSION}+tagger/{tagger_version()}"
    from kb.loading.documents import PARSER_VERSION as DOCUMENT_VERSION

    if kind == "system":
        from kb.loading.system_reader import presets_version

        return f"system/{DOCUMENT_VERSION}+presets/{presets_version()}"
    return f"{kind}/{DOCUMENT_VERSION}"


def _documents(source: Source, data: bytes) -> Iterator[ParsedAssessment | ParsedSystem]:
    from kb.loading.recognize import recognize

    recognized = recognize(data, source.path)
    if recognized.kind == "unknown":
        raise UnknownKindError([Fault(source.path, recognized.line, recognized.reason)])
    if recognized.kind == "document":
        from kb.loading.documents import parse_documents

        yield from parse_documents(data, source.path)
        return
    from kb.loading.pages import parse_page

    pages = parse_page(
        recognized.text, source.path, url=recognized.url, html=recognized.kind == "html", numbers=recognized.numbers
    )
    for page in pages:
        yield _tagged(page)


def _tagged(page: Page) -> ParsedAssessment:
    """The assessment of ``page`` with the threats that its paragraphs state, deny or call mitigated."""
    from kb.loading.tagger import tag

    return replace(page.assessment, threats=tuple(_claims(tag(page.paragraphs))))


def _claims(findings: Iterable[Finding]) -> Iterator[ThreatClaim]:
    for found in findings:
        yield ThreatClaim(found.threat, "stated", found.layer, found.certainty, found.polarity, found.quote, found.line)
