"""``kb schema`` and ``kb doctor``."""

import json

from kb.loading.documents import json_schema
from kb.model.schema import NODE_KINDS, RELATION_KINDS


def test_the_schema_as_a_page(kb, snapshot):
    snapshot("schema", kb("schema").out)


def test_the_schema_as_json_names_every_kind(kb):
    answer = json.loads(kb("schema", "-f", "json").out)
    assert [node["kind"] for node in answer["nodes"]] == list(NODE_KINDS)
    assert [relation["kind"] for relation in answer["relations"]] == list(RELATION_KINDS)


def test_the_schema_as_a_figure_joins_only_kinds_that_exist(kb):
    first, *lines = kb("schema", "-f", "mermaid").out.splitlines()
    assert first == "flowchart LR"
    boxes = [line.strip().partition("[")[0] for line in lines if "-->" not in line]
    arrows = [line.split() for line in lines if "-->" in line]
    assert boxes == list(NODE_KINDS)
    assert {end for source, _, target in arrows for end in (source, target)} <= set(boxes)
    assert [label.removeprefix("-->|").removesuffix("|") for _, label, _ in arrows] == [
        kind.name for kind in RELATION_KINDS.values() for _ in kind.sources for _ in kind.targets
    ]


def test_the_schema_of_documents_is_the_one_that_the_loader_publishes(kb):
    assert json.loads(kb("schema", "--format", "json-schema").out) == json_schema()


def test_a_sound_store_passes_the_doctor(loaded):
    done = loaded("doctor", "-f", "json")
    checks = {check["check"]: check for check in json.loads(done.out)["checks"]}
    assert done.code == 0
    assert checks["store"] == {
        "check": "store",
        "state": "ok",
        "detail": "kb.db: 2 agents, 0 systems, 2 assessments",
        "remedy": None,
    }
    assert {check["state"] for check in checks.values()} <= {"ok", "optional"}


def test_a_folder_without_a_store_is_told_how_to_begin(kb):
    done = kb("doctor", "-f", "json")
    (check,) = [check for check in json.loads(done.out)["checks"] if check["check"] == "store"]
    assert done.code == 0
    assert check == {
        "check": "store",
        "state": "warning",
        "detail": "kb.db: there is no base here",
        "remedy": "`kb load PATH…` makes one",
    }
