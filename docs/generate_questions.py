"""Writes the generated parts of ``docs/questions.md``: what each question asks, takes and answers with.

``python docs/generate_questions.py`` renews the file; ``tests/docs/test_questions_page.py`` holds it against this.
"""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from kb.library import query
from kb.questions import QUESTIONS, Parameter, parameters

PAGE = Path(__file__).parent / "questions.md"


def rendered(page: str) -> str:
    """``page`` with what stands between ``<!-- begin X -->`` and ``<!-- end X -->`` made anew for each question X."""
    for stem in QUESTIONS:
        begin, end = f"<!-- begin {stem} -->\n", f"<!-- end {stem} -->\n"
        text = "\n".join(section(stem)).replace("\\", "\\\\")
        page = re.sub(f"({re.escape(begin)}).*?({re.escape(end)})", rf"\g<1>{text}\n\g<2>", page, flags=re.DOTALL)
    return page


def section(stem: str) -> Iterator[str]:
    """What the look-up and the function of ``stem`` say of themselves."""
    look_up, own = query(stem), parameters(QUESTIONS[stem])
    yield f"*{look_up.asks}* [`kb ask {stem.replace('_', '-')}`](cli.md), [Cypher](../cypher/{stem}.cypher)"
    yield ""
    yield (inspect.getdoc(QUESTIONS[stem]) or "").replace("``", "`")
    if own:
        yield ""
        yield "| parameter | says |"
        yield "| --- | --- |"
        yield from map(_row, own)


def _row(parameter: Parameter) -> str:
    choices = f" One of {', '.join(f'`{choice}`' for choice in parameter.says.choices)}." if parameter.says.choices else ""
    several = " Several may be given." if parameter.says.several else ""
    return f"| `{parameter.name}`{' (required)' if parameter.required else ''} | {parameter.says.help}{choices}{several} |"


if __name__ == "__main__":
    PAGE.write_text(rendered(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
