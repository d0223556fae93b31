"""The command ``kb``: ``app`` is its frame, and each group of commands is one module.

A command parses its words, calls one function, prints what it gave and exits. Nothing here knows the graph.
"""

import gc
import sys

_YOUNG = 50_000
"""Objects that a command may make before Python looks for cycles among them; its own 700 suit programs that go on."""
_OUR_FAULT = "this is a fault of kb itself; run it again with --debug and report what that prints"


def main() -> None:
    """Run the command line of this process and exit: the one place where errors become sentences and exit codes."""
    from kb.errors import KbError

    _write_utf8()
    gc.set_threshold(_YOUNG)  # looking took a sixth of a cold cascade that reaches 300 agents
    try:
        from kb.cli.app import run_app

        run_app(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if "--debug" in sys.argv:
            raise
        if isinstance(error, KbError):
            _complain(str(error), error.hint)
            sys.exit(error.exit_code)
        _complain(f"{type(error).__name__}: {error}", _OUR_FAULT)
        sys.exit(KbError.exit_code)


def _write_utf8() -> None:
    """Pipes and files get UTF-8 on every platform; a screen that lacks a character gets its escape instead of an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def _complain(sentence: str, hint: str) -> None:
    from kb.views.terminal import terminal_of, wrapped

    lines = [f"error: {sentence}"] + ([f"hint: {hint}"] if hint else [])
    for line in "\n".join(lines).split("\n"):
        print(wrapped(line, terminal_of(sys.stderr)), file=sys.stderr)
