"""Where an answer is written: standard output, or a file that holds the whole of it or what it held before."""

import os
import sys
import tempfile
from pathlib import Path

from kb.errors import OutputError


def write_out(place: str, text: str) -> None:
    """Write ``text`` to the file ``place``, or to standard output where it is ``-``.

    A reader that has gone away (``kb list threats | head``) is no error. Raises :class:`~kb.errors.OutputError`.
    """
    try:
        if place == "-":
            _to_stdout(text)
        elif os.path.exists(place) and not os.path.isfile(place):
            Path(place).write_text(text, encoding="utf-8")  # a device or a pipe, which cannot be replaced
        else:
            _to_file(Path(place), text)
    except OSError as error:
        raise OutputError("standard output" if place == "-" else place, error.strerror or str(error)) from error


def _to_stdout(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # so that Python's own flush at exit has somewhere to write to
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _to_file(path: Path, text: str) -> None:
    """A link is followed, and an existing file keeps its permissions."""
    target = path.resolve()
    handle, draft = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(draft, target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        os.replace(draft, target)
    except BaseException:
        os.unlink(draft)
        raise


def _umask() -> int:
    """The permissions that the user takes away from new files; Python reads them only by setting them."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
