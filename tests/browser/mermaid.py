"""The script of Mermaid, which code hosts show its text with: one version of it, fetched once and kept for all checkouts."""

import hashlib
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

VERSION = "11.17.2"
SHA256 = "581ed7d74bd9048d0e3a91363927d72ef22942d7722546b27f7cc29e35390eb8"
MEMBER = "package/dist/mermaid.min.js"
LACKING = "there is no npm here, which fetches the script of Mermaid"


def obtainable() -> bool:
    """Whether the script is here, or can be asked for."""
    return kept().exists() or shutil.which("npm") is not None


def kept() -> Path:
    """Where the script is kept."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "agent-threat-kb" / "npm" / f"mermaid-{VERSION}.min.js"


def script() -> Path:
    """The file of the script, which has the SHA-256 that is written here; npm fetches it where it is not kept yet."""
    path = kept()
    if not path.exists():
        with TemporaryDirectory() as name:
            content = _fetched(Path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        part.write_bytes(content)
        part.replace(path)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != SHA256:
        raise ValueError(f"{path} has the SHA-256 {found}, not {SHA256}: delete it and try again")
    return path


def _fetched(folder: Path) -> bytes:
    """The script out of the package as the registry has it."""
    words = ["npm", "pack", f"mermaid@{VERSION}", "--silent", "--ignore-scripts", "--pack-destination", str(folder)]
    subprocess.run(words, check=True, timeout=300, stdout=subprocess.DEVNULL, cwd=folder)
    (package,) = folder.glob("*.tgz")
    with tarfile.open(package) as archive:
        member = archive.extractfile(MEMBER)
        assert member is not None
        return member.read()
