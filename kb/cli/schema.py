"""``kb schema``: what the graph is made of, and the form of the documents that kb loads."""

from enum import StrEnum

from kb.cli.command import make_command
from kb.cli.run import Run


class SchemaFormat(StrEnum):
    """How the schema is printed."""

    table = "table"
    json = "json"
    csv = "csv"
    markdown = "markdown"
    mermaid = "mermaid"
    json_schema = "json-schema"


def schema(run: Run) -> None:
    """Print the schema of the graph, or of the documents that kb loads.

        kb schema
        kb schema --format json-schema --output documents.schema.json

    `table`, `json`, `csv` and `markdown` list the kinds of nodes and relations with their properties, `mermaid` draws
    them, and `json-schema` is the JSON Schema of documents, of `kind: assessment` and `kind: system`.
    """
    from kb.views import schema as view

    match run.format:
        case SchemaFormat.json_schema:
            run.write(_document_schema())
        case SchemaFormat.markdown:
            run.write(view.to_markdown())
        case SchemaFormat.mermaid:
            run.write(view.to_mermaid())
        case _:
            run.emit(view.schema_answer(), view.schema_page, view.property_rows(), view.PROPERTY_COLUMNS)


def _document_schema() -> str:
    from kb.loading.documents import json_schema
    from kb.views.json import to_json

    return to_json(json_schema())


COMMANDS = {"schema": lambda: make_command(schema, "schema", formats=SchemaFormat, store=False)}
