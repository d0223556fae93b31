"""Our own documents: YAML or JSON with ``kind: assessment`` or ``kind: system``, several to a file."""

from collections.abc import Iterator
from typing import Any

from kb.errors import Fault, InputError
from kb.loading.assessment_reader import AssessmentReader
from kb.loading.document_reader import DocumentReader
from kb.loading.parsed import ParsedAssessment, ParsedSystem
from kb.loading.system_reader import SystemReader
from kb.loading.yaml_source import Document, Json, Place, read_documents, shown

PARSER_VERSION = "1"
"""Rises with every change that reads a document differently, so that unchanged files are read again."""

_READERS: dict[str, type[AssessmentReader] | type[SystemReader]] = {"assessment": AssessmentReader, "system": SystemReader}

KINDS = tuple(_READERS)
"""What ``kind`` may be."""


def parse_documents(data: bytes, path: str) -> list[ParsedAssessment | ParsedSystem]:
    """The documents of a file in their order; a list at the top of a document is several documents.

    Raises :class:`~kb.errors.InputError` with every fault of the file, by line; then nothing of it counts.
    """
    parsed: list[ParsedAssessment | ParsedSystem] = []
    faults: list[Fault] = []
    found = False
    for document in read_documents(data, path):
        for place, value in _members(document):
            found = True
            kind = _kind(value, DocumentReader(path, document, place, faults))
            said = _READERS[kind](path, document, place, faults).read(value) if kind else None
            if said is not None:
                parsed.append(said)
    if not found:
        faults.append(Fault(path, 0, "the file holds no document"))
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.line))
    return parsed


def json_schema(kind: str | None = None) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of documents of ``kind``, or of any of :data:`KINDS`.

    It says what the shape is. What needs more than one look at the document (ids of the catalogue, entries given twice, a
    vector that contradicts its score, an integration of an agent that is not listed) only the loader checks.
    """
    from typing import Annotated

    from pydantic import Field, TypeAdapter

    from kb.loading.assessment_document import AssessmentDocument
    from kb.loading.document_parts import PublishedSchema
    from kb.loading.system_document import SystemDocument

    either = Annotated[AssessmentDocument | SystemDocument, Field(discriminator="kind")]
    shape: Any = {"assessment": AssessmentDocument, "system": SystemDocument, None: either}[kind]
    schema = TypeAdapter(shape).json_schema(schema_generator=PublishedSchema)
    schema.pop("discriminator", None)  # OpenAPI's word, unknown to JSON Schema
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _members(document: Document) -> Iterator[tuple[Place, Json]]:
    if isinstance(document.value, list):
        yield from (((position,), value) for position, value in enumerate(document.value))
    else:
        yield (), document.value


def _kind(value: Json, reader: DocumentReader) -> str | None:
    """The kind that the document ``value`` names; ``None``, with the fault noted, where it names none of ours."""
    from kb.loading.catalog_ids import nearest

    if not isinstance(value, dict):
        reader.fault((), "a document is a mapping that begins with `kind: assessment` or `kind: system`")
    elif "kind" not in value:
        reader.fault((), "kind is missing; write `kind: assessment` or `kind: system`")
    elif value["kind"] in KINDS:
        return str(value["kind"])
    else:
        near = nearest(str(value["kind"]), KINDS)
        remedy = f"did you mean {near!r}?" if near else f"expected one of {', '.join(KINDS)}"
        reader.fault(("kind",), f"kind is {shown(value['kind'])}; {remedy}")
    return None
