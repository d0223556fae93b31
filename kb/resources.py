"""Where the data files are: in the wheel they travel as ``kb/_data``, in a checkout they lie at the top."""

from pathlib import Path


def data_dir(name: str) -> Path:
    """The directory ``cypher`` or ``seeds``, in an installed wheel as in a checkout."""
    package = Path(__file__).parent
    packed = package / "_data" / name
    return packed if packed.is_dir() else package.parent / name
