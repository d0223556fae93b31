"""``kb ask``: one command for each question, made from the question's own signature."""

import inspect
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import typer

from kb.cli.command import make_command
from kb.cli.completion import ids
from kb.cli.exits import ExitCode
from kb.cli.lazy import Entry, lazy_group
from kb.cli.run import Run
from kb.questions import ANALYSES, QUESTIONS, Parameter, parameters

_EXAMPLES = {"Agent": "qwen3-coder", "Threat": "T2", "Layer": "L3", "System": "ticket-to-merge"}
"""What stands for a node of each kind in the example of a question's help."""
_ASKED = {**QUESTIONS, **ANALYSES}


def ask_group() -> Any:
    """The group ``kb ask`` with a command for each question."""
    entries = {dashed(name): Entry(summary(name), partial(question_command, name)) for name in _ASKED}
    app = typer.Typer(
        name="ask",
        cls=lazy_group(entries),
        callback=_list,
        help="Ask a question: who shares a threat, what is uncovered, what maps to what.\n\n"
        "\b\n    kb ask shared-threats\n    kb ask threats-of qwen3-coder",
        invoke_without_command=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    return typer.main.get_command(app)


def _list(ctx: typer.Context, listing: Annotated[bool, typer.Option("--list", help="List the questions.")] = False) -> None:
    if listing or ctx.invoked_subcommand is None:
        from kb.views.table import to_table

        rows = [{"question": dashed(name), "answers_with": summary(name)} for name in _ASKED]
        Run().emit(rows, lambda terminal: to_table(rows, ("question", "answers_with"), terminal), rows, ())
        raise typer.Exit


def question_command(name: str) -> Any:
    """The command of the question ``name``: its required parameters are arguments, the others options."""

    def call(run: Run, limit: int | None, **given: Any) -> None:
        asked = {key: value for key, value in given.items() if value not in (None, [])}
        with run.open() as base, run.watched() as watch:
            looking = {"watch": watch} if "watch" in inspect.signature(_ASKED[name]).parameters else {}
            answer = base.ask(name, **asked, **looking).limited(limit)
        say_answer(run, answer.as_dict())
        if watch.stopped:
            raise typer.Exit(ExitCode.INTERRUPTED)

    limit = typer.Option(metavar="N", help="At most the first N rows.", min=0)
    own = [_parameter(parameter) for parameter in parameters(_ASKED[name])]
    call.__signature__ = inspect.Signature([*own, _keyword("limit", Annotated[int | None, limit], None)])  # type: ignore[attr-defined]
    return make_command(call, dashed(name), help=_help(name))


def say_answer(run: Run, answer: dict[str, Any]) -> None:
    """The rows, or the whole answer as JSON; what was assumed and what was left out on standard error."""
    from kb.views.answer_table import answer_table
    from kb.views.heatmap import heatmap
    from kb.views.words import with_evidence

    rows = [with_evidence(row) for row in answer["rows"]]
    columns = tuple(dict.fromkeys(column for row in rows for column in row))
    page = partial(heatmap, rows) if answer["question"] == "layer-heatmap" else partial(answer_table, rows, columns)
    run.emit(answer, page if rows or answer["complete"] else lambda _: _none_shown(answer), rows, columns)
    cut = [f"cut: {answer['truncated_by']}"] if answer["truncated_by"] else []
    run.remark(*cut, *answer["remarks"])
    run.assume(answer["assumptions"])


def _none_shown(answer: dict[str, Any]) -> str:
    """What stands for a table of which a limit left nothing: ``0 of 17 rows``."""
    return f"{answer['truncated_by'].removeprefix('limit ')}\n"


def dashed(name: str) -> str:
    """A Python name as the command line has it."""
    return name.replace("_", "-")


def summary(name: str) -> str:
    """The first paragraph of what the question ``name`` says of itself, on one line."""
    return " ".join(_paragraphs(name)[0].split()).rstrip(".")


def _help(name: str) -> str:
    """Summary, a runnable example, and the rest of what the question says of itself."""
    arguments = [parameter for parameter in parameters(_ASKED[name]) if parameter.required]
    example = " ".join(["kb ask", dashed(name), *map(_example, arguments)])
    first, *rest = _paragraphs(name)
    return "\n\n".join([first, f"    {example}", *rest])


def _example(parameter: Parameter) -> str:
    if parameter.says.flag:  # of the analyses, which ask about deployed agents
        return f"{parameter.says.flag} ticket-to-merge/coder"
    return _EXAMPLES[parameter.says.kinds[0]]


def _paragraphs(name: str) -> list[str]:
    return (inspect.getdoc(_ASKED[name]) or "").replace("``", "").split("\n\n")


def _parameter(parameter: Parameter) -> inspect.Parameter:
    says = parameter.says
    kind: Any = list[str] if says.several else says.type
    completion: Callable[..., list[str]] | None = ids(*says.kinds) if says.kinds else _words(says.choices)
    if parameter.required and not says.flag:
        argument = typer.Argument(metavar=parameter.name.upper(), help=says.help, autocompletion=completion)
        return _keyword(parameter.name, Annotated[kind, argument], inspect.Parameter.empty)
    flag = says.flag or f"--{dashed(parameter.name)}"
    if kind is bool:
        return _keyword(parameter.name, Annotated[bool, typer.Option(flag, help=says.help)], parameter.default)
    metavar = "|".join(says.choices) or {int: "N", float: "X"}.get(says.type, "ID" if says.kinds else "WORD")
    option = typer.Option(flag, metavar=metavar, help=says.help, autocompletion=completion)
    if parameter.required:
        return _keyword(parameter.name, Annotated[kind, option], inspect.Parameter.empty)
    return _keyword(parameter.name, Annotated[kind | None, option], parameter.default)


def _keyword(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _words(choices: tuple[str, ...]) -> Callable[[str], list[str]] | None:
    """A completion of the closed list ``choices``; ``None`` where there is none."""

    def complete(incomplete: str) -> list[str]:
        return [choice for choice in choices if choice.startswith(incomplete)]

    return complete if choices else None


COMMANDS = {"ask": ask_group}
