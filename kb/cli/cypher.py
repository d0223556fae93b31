"""``kb cypher``: the look-ups by name, and any Cypher that only reads."""

import json
import sys
from typing import Annotated, Any

import typer

from kb.cli.command import make_command
from kb.cli.run import Run


def _names(incomplete: str) -> list[str]:
    from kb.engines.cypher import names

    return [name for name in names() if name.startswith(incomplete)]


Query = Annotated[
    str, typer.Argument(metavar="FILE|-|NAME", help="A file, standard input, or a look-up by name.", autocompletion=_names)
]
Param = Annotated[
    list[str] | None, typer.Option("--param", metavar="NAME=VALUE", help="A parameter; JSON where it reads as that, else text.")
]
Limit = Annotated[int | None, typer.Option("--limit", metavar="N", help="At most the first N rows.", min=0)]


def cypher(run: Run, query: Query, param: Param = None, limit: Limit = None) -> None:
    """Run Cypher that only reads on a Neo4j server, or a look-up by name on any store.

        kb cypher crosswalk --param threat=owasp:T2
        kb cypher cascade_from --param fallen=desk/planner --store neo4j://localhost
        echo 'MATCH (a:Agent) RETURN count(a) AS agents' | kb cypher - --store neo4j://localhost

    Names are those of the files in cypher/ and cypher/browser/; a parameter that is not given is null there. A statement
    that would write is refused by the server, and changes nothing.
    """
    from kb.views.answer_table import answer_table

    params = dict(map(_param, param or ()))
    with run.open() as base:
        info = base.engine.base
        table = base.cypher(_text(query), **params)
    rows = table.rows if limit is None else table.rows[:limit]
    cut = f"limit {limit} of {len(table.rows)} rows" if len(rows) < len(table.rows) else None
    answer = {
        "question": query,
        "params": params,
        "columns": list(table.columns),
        "rows": rows,
        "complete": cut is None,
        "truncated_by": cut,
        "assumptions": [],
        "base": info.fingerprint if info else None,
        "schema_version": info.schema_version if info else None,
    }
    run.emit(answer, lambda terminal: answer_table(rows, table.columns, terminal), rows, table.columns)
    run.remark(*([f"cut: {cut}"] if cut else []))


def _param(text: str) -> tuple[str, Any]:
    """Name and value of ``NAME=VALUE``."""
    from kb.errors import UsageError

    name, equals, value = text.partition("=")
    if not (equals and name.isidentifier()):
        raise UsageError(f"{text!r} is no parameter", "use --param NAME=VALUE")
    try:
        return name, json.loads(value, parse_constant=str)
    except ValueError:
        return name, value


def _text(query: str) -> str:
    """The name of a look-up as the file has it, or the Cypher in a file or on standard input."""
    from kb.engines.cypher import names
    from kb.errors import UsageError

    if query.replace("-", "_") in names():
        return query.replace("-", "_")
    try:
        if query == "-":
            return sys.stdin.buffer.read().decode("utf-8")
        with open(query, encoding="utf-8") as file:
            return file.read()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is no UTF-8 text"
        raise UsageError(f"no look-up and no file {query!r}: {reason}", f"look-ups are {', '.join(names())}") from error


COMMANDS = {"cypher": lambda: make_command(cypher, "cypher")}
