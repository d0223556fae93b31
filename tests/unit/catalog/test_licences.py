"""Each file of the catalogue has its licence, share-alike rows stay in share-alike files, and every source is attributed."""

from pathlib import Path

import pytest

from kb.catalog.compile.sources import SOURCE_DIR, parts, rows, table

ROOT = Path(__file__).parents[3]
SHARE_ALIKE = "CC-BY-SA-4.0"


def _licence(path: Path) -> str:
    sidecar = path.with_name(path.name + ".license").read_text(encoding="utf-8")
    return sidecar.rpartition("-License-Identifier: ")[2].strip()


def test_every_table_has_its_licence_beside_it() -> None:
    found = {path.name: _licence(path) for path in SOURCE_DIR.iterdir() if path.suffix != ".license"}
    assert found == {
        "aidefend.csv": "CC-BY-4.0",
        "atlas_mitigations.csv": "Apache-2.0",
        "atlas_tactics.csv": "Apache-2.0",
        "atlas_techniques.csv": "Apache-2.0",
        "cascade.yaml": SHARE_ALIKE,
        "crosswalk_ibm_nexus.csv": "Apache-2.0",
        "crosswalk_inferred.csv": "Apache-2.0",
        "crosswalk_owasp_asi.csv": SHARE_ALIKE,
        "crosswalk_owasp_llm_2025.csv": SHARE_ALIKE,
        "crosswalk_owasp_llm_2026.csv": SHARE_ALIKE,
        "crosswalk_owasp_maestro_playbook.csv": SHARE_ALIKE,
        "crosswalk_owasp_mas_guide.csv": SHARE_ALIKE,
        "crosswalk_owasp_threats.csv": SHARE_ALIKE,
        "left_out.yaml": "Apache-2.0",
        "maestro.yaml": "Apache-2.0",
        "owasp_aivss.yaml": "Apache-2.0",
        "owasp_asi.yaml": SHARE_ALIKE,
        "owasp_decision_path.yaml": SHARE_ALIKE,
        "owasp_llm_2025.yaml": SHARE_ALIKE,
        "owasp_llm_2026.yaml": SHARE_ALIKE,
        "owasp_playbooks.yaml": SHARE_ALIKE,
        "owasp_threats.yaml": SHARE_ALIKE,
        "publications.yaml": "Apache-2.0",
        "summaries.yaml": "Apache-2.0",
    }


def test_what_is_compiled_from_all_of_them_has_all_their_licences() -> None:
    assert _licence(SOURCE_DIR.parent / "catalog.json") == "Apache-2.0 AND CC-BY-SA-4.0 AND CC-BY-4.0"


@pytest.mark.parametrize("path", sorted(SOURCE_DIR.glob("crosswalk_*.csv")), ids=lambda path: path.stem)
def test_every_row_of_a_mapping_has_the_licence_of_its_file(path: Path) -> None:
    assert {parts()[row["source"]].work.license for row in rows(path.stem)} == {_licence(path)}


@pytest.mark.parametrize("name", ["owasp_aivss", "maestro", "summaries", "left_out"])
def test_no_other_file_names_a_share_alike_source(name: str) -> None:
    share_alike = {key for key, part in parts().items() if part.work.license == SHARE_ALIKE}
    assert not {word.strip('[],"') for word in (SOURCE_DIR / f"{name}.yaml").read_text(encoding="utf-8").split()} & share_alike


def test_every_publication_has_a_licence_an_address_and_a_version() -> None:
    works = table("publications")["works"]
    assert [work["work"] for work in works if not all(work.get(name) for name in ("license", "address", "version"))] == []


def test_what_a_publication_wants_said_is_said_in_the_notice() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8").splitlines()
    attributions = {part.work.attribution for part in parts().values()} - {""}
    assert attributions - set(notice) == set()
