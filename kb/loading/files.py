"""Which files ``kb load PATH…`` means, and their bytes."""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import NamedTuple

from kb.errors import Fault, InputError

MAX_FILE_BYTES = 64 * 1024 * 1024
"""Of a larger file no more is read: a real assessment has kilobytes, and a system of 10,000 agents has some megabytes."""


class Found(NamedTuple):
    """A file to be read."""

    path: str
    """As the user would write it: ``./a//b`` is ``a/b``; nothing else is changed."""
    named: bool
    """Whether the user named the file itself, so that it must be of a known kind; else a folder above it was named."""


def walk(paths: Sequence[str]) -> tuple[list[Found], list[Fault]]:
    """The files that ``paths`` mean, each once, and a fault for each path or folder that cannot be read.

    Files come in the order of ``paths``, those of a folder by name, folder by folder. Within a folder links are not followed
    and hidden folders, and what is neither file nor folder, are passed over; a path that the user names is taken as it is.
    """
    found: dict[str, bool] = {}
    faults: list[Fault] = []
    for path in paths:
        for file in _below(path, faults):
            if _is_text(file.path):
                found[file.path] = found.get(file.path, False) or file.named
            else:
                faults.append(Fault(_readable(file.path), 0, "its name is not UTF-8; rename it"))
    return [Found(path, named) for path, named in found.items()], faults


def read_bytes(path: str) -> bytes:
    """The first :data:`MAX_FILE_BYTES` bytes of the file, and one more where there are more.

    Raises :class:`~kb.errors.InputError` where it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise InputError([Fault(path, 0, _reason("cannot be read", error))]) from error


def _below(path: str, faults: list[Fault]) -> Iterator[Found]:
    """The files that one path means: itself, or all below it."""
    try:
        shown = str(PurePath(path))
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        faults.append(Fault(_readable(path), 0, "no such file or folder"))
    except OSError as error:
        faults.append(Fault(_readable(path), 0, _reason("cannot be read", error)))
    except ValueError:
        faults.append(Fault(_readable(path), 0, "no path may hold a NUL"))
    else:
        if stat.S_ISDIR(mode):
            yield from _in_folder(shown, faults)
        else:
            yield Found(shown, True)


def _in_folder(top: str, faults: list[Fault]) -> Iterator[Found]:
    """The files below the folder ``top``, folder by folder."""
    folders = [top]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            faults.append(Fault(_readable(folder), 0, _reason("cannot be listed", error)))
            continue
        yield from (Found(_joined(folder, entry.name), False) for entry in entries if entry.is_file(follow_symlinks=False))
        folders += [
            _joined(folder, entry.name)
            for entry in reversed(entries)
            if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)
        ]


def _joined(folder: str, name: str) -> str:
    return str(Path(folder) / name)


def _is_text(path: str) -> bool:
    """Whether ``path`` can be printed and stored: a name that is not UTF-8 reaches us with lone surrogates."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _readable(path: str) -> str:
    """``path`` with escapes in place of the bytes that are not UTF-8."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _reason(sentence: str, error: OSError) -> str:
    return f"{sentence}: {error.strerror or error}"
