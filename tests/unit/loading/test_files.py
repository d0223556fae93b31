"""Which files a load means."""

import os
from pathlib import Path

import pytest

from kb.errors import Fault, InputError
from kb.loading.files import MAX_FILE_BYTES, Found, read_bytes, walk


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with files, a hidden folder, links and a loop below ``in``."""
    for name in ("in/b.txt", "in/a.txt", "in/B.txt", "in/sub/c.txt", "in/.git/d.txt", "in/.dot", "other/e.txt"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "link.txt").symlink_to(tmp_path / "other" / "e.txt")
    os.mkfifo(tmp_path / "in" / "pipe")
    monkeypatch.chdir(tmp_path)
    return tmp_path


IN = [Found(f"in/{name}", False) for name in (".dot", "B.txt", "a.txt", "b.txt", "sub/c.txt")]


@pytest.mark.parametrize("path", ["in", "./in", "in/", ".//in/."])
def test_a_folder_means_the_files_below_it_by_name_without_links_hidden_folders_and_pipes(tree: Path, path: str) -> None:
    assert walk([path]) == (IN, [])


def test_an_absolute_path_stays_absolute(tree: Path) -> None:
    assert walk([f"{tree}/other/"]) == ([Found(f"{tree}/other/e.txt", False)], [])


def test_a_named_file_is_told_from_one_that_was_met(tree: Path) -> None:
    assert walk(["./in/a.txt"]) == ([Found("in/a.txt", True)], [])


def test_a_file_that_is_named_and_met_counts_once_as_named(tree: Path) -> None:
    expected = [found._replace(named=found.path == "in/a.txt") for found in IN]
    assert walk(["in", "in/a.txt", "./in"]) == (expected, [])


def test_links_and_hidden_folders_that_the_user_names_are_taken(tree: Path) -> None:
    assert walk(["in/link.txt", "in/.git"]) == ([Found("in/link.txt", True), Found("in/.git/d.txt", False)], [])
    assert walk(["in/loop"]) == ([Found(found.path.replace("in/", "in/loop/", 1), False) for found in IN], [])


def test_what_is_not_there_is_a_fault_and_the_others_are_taken(tree: Path) -> None:
    (tree / "self").symlink_to("self")
    assert walk(["none.txt", "self", "a\0b", "other"]) == (
        [Found("other/e.txt", False)],
        [
            Fault("none.txt", 0, "no such file or folder"),
            Fault("self", 0, "cannot be read: Too many levels of symbolic links"),
            Fault("a\0b", 0, "no path may hold a NUL"),
        ],
    )


def test_a_folder_that_cannot_be_listed_is_a_fault(tree: Path) -> None:
    deep = tree / "deep"
    deep.mkdir()
    names, folder = [], os.open(deep, os.O_RDONLY)
    for _ in range(20):  # a path longer than the system takes in one piece
        names.append("x" * 250)
        os.mkdir(names[-1], dir_fd=folder)
        below = os.open(names[-1], os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = below
    os.close(folder)
    found, (fault,) = walk(["deep", "other"])
    assert found == [Found("other/e.txt", False)]
    assert (fault.line, fault.error) == (0, "cannot be listed: File name too long")


def test_a_name_that_is_not_utf_8_is_a_fault(tree: Path) -> None:
    (tree / os.fsdecode(b"other/caf\xe9.txt")).write_text("x")
    assert walk(["other"]) == (
        [Found("other/e.txt", False)],
        [Fault("other/caf\\xe9.txt", 0, "its name is not UTF-8; rename it")],
    )


def test_no_more_is_read_than_may_be_taken(tree: Path) -> None:
    with open("large", "wb") as file:
        file.truncate(MAX_FILE_BYTES + 10)
    assert len(read_bytes("large")) == MAX_FILE_BYTES + 1
    assert read_bytes("in/a.txt") == b"in/a.txt"


def test_a_file_that_vanished_is_a_fault(tree: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_bytes("none.txt")
    assert caught.value.faults == (Fault("none.txt", 0, "cannot be read: No such file or directory"),)
