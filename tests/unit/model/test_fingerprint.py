from hashlib import sha256

from kb.model.fingerprint import fingerprint


def test_the_fingerprint_is_sha_256_over_a_json_document_in_utf_8() -> None:
    document = '[1,"2026-11 é",[["sha256:a","page 1"],["sha256:b","\\"2\\""]]]'
    pairs = [("sha256:b", '"2"'), ("sha256:a", "page 1")]
    assert fingerprint(1, "2026-11 é", pairs) == sha256(document.encode()).hexdigest()


def test_a_base_without_documents_has_a_fingerprint_too() -> None:
    assert fingerprint(1, "", []) == sha256(b'[1,"",[]]').hexdigest()
