"""Exports that somebody made up: what the file says of itself is not believed (contrib/verify_bundle.py)."""

import base64
import gzip
import hashlib
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from contrib import verify_bundle
from ecpd.audit.histories import refused
from ecpd.audit.sealed import seal_of, sealed_models
from ecpd.embedded.authority import _openssl
from tests.audit.bundles import verdict
from tests.audit.stamps import authority_keys, needs_openssl  # noqa: F401 fixture

SEALED_AT = "2026-11-28T09:00:01.000000"
LEDGER, RECORD = "policy_decision", "policy_amendment"
TRUE, FALSE = '{"id": 1, "outcome": "denied"}', '{"id": 1, "outcome": "allowed"}'
SHAPES = {1: ["id", "outcome"], 2: ["outcome", "id", "id"], 3: ["id"]}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def entry(key: int, operation: str, text: str, *, table: str = LEDGER, shape: int = 1) -> str:
    """An entry's text, of row 1."""
    told = {"at": "2026-11-28T09:00:00.000000", "id": key, "txid": 1000 + key, "digest": sha256(text), "row_id": "1",
            "operation": operation, "table_name": table, "shape_id": shape}  # fmt: skip
    return json.dumps(told)


def chained(entries: list[str]) -> list[dict]:
    """The entries' links: a chain that is whole."""
    links, previous = [], "0" * 64
    for number, text in enumerate(entries, 1):
        salt = f"{number:032}"
        seal = sha256(f"{previous}\n{number}\n{SEALED_AT}\n{sha256(f'{salt}{chr(10)}{text}')}")
        links.append({"t": "link", "number": number, "previous": previous, "hash": seal, "sealed_at": SEALED_AT,
                      "format": 2, "salt": salt, "entry": text})  # fmt: skip
        previous = seal
    return links


def made_up(
    folder: Path, entries: list[str], *, row: str | None = None, table: str = LEDGER, refuses: str = "UD",
    waiting: tuple[str, ...] = (), anchors: tuple[dict, ...] = (),
) -> Path:  # fmt: skip
    """An export with one row, of which the table line says what is refused."""
    lines = [
        {"t": "manifest", "format": 1, "product": "ECPD", "made_at": "2026-11-28T10:00:00", "case": ""},
        {"t": "table", "name": table, "label": "Row", "refused": refuses, "erased": ""},
        *({"t": "shape", "id": key, "table": table, "columns": names, "by_hash": []} for key, names in SHAPES.items()),
        *anchors,
        *chained(entries),
        *({"t": "waiting", "key": json.loads(text)["id"], "entry": text} for text in waiting),
        *([{"t": "row", "table": table, "id": "1", "row": row}] if row else []),
    ]
    path = folder / "made-up.gz"
    with gzip.open(path, "wt") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
        file.write(json.dumps({"t": "end", "counts": Counter(line["t"] for line in lines)}) + "\n")
    return path


def test_an_export_as_it_should_be(tmp_path):
    assert verdict(made_up(tmp_path, [entry(1, "I", TRUE)], row=TRUE)).code == 0
    changed = [entry(1, "I", TRUE, table=RECORD), entry(2, "U", FALSE, table=RECORD)]
    assert verdict(made_up(tmp_path, changed, row=FALSE, table=RECORD)).code == 0


def test_the_script_knows_itself_what_may_happen_to_a_row():
    known = {
        model._meta.db_table: "".join(sorted({*"UD"} - {*refused(model)}, reverse=True)) for model in sealed_models()
    }
    assert {table: done for table, done in known.items() if done} == verify_bundle.LAWFUL
    erased = {model._meta.db_table: seal_of(model).erased for model in sealed_models() if seal_of(model).erased}
    assert erased == verify_bundle.ERASED


@pytest.mark.parametrize("operation, row, kind", [("U", FALSE, "row changed"), ("D", None, "row removed"),
                                                  ("", FALSE, "row changed"), ("X", FALSE, "row changed")])  # fmt: skip
@pytest.mark.parametrize("says", ["UD", ""])
def test_a_file_that_says_that_a_ledger_may_change(tmp_path, says, operation, row, kind):
    entries = [entry(1, "I", TRUE), entry(2, operation, row or TRUE)]
    seen = verdict(made_up(tmp_path, entries, row=row, refuses=says))
    assert (seen.code, seen.kinds) == (1, {kind}), seen.said


def test_a_refused_change_behind_another_entry_is_named_all_the_same(tmp_path):
    entries = [entry(1, "I", TRUE), entry(2, "U", FALSE), entry(3, "G", FALSE, shape=3)]
    seen = verdict(made_up(tmp_path, entries, row=FALSE))
    assert (seen.code, seen.kinds) == (1, {"row changed"}), seen.said


def test_a_file_that_says_that_nothing_is_ever_erased(tmp_path):
    text = '{"id": 1, "embedding": null, "erased_under_id": null}'
    seen = verdict(
        made_up(tmp_path, [entry(1, "I", text, table="leads_facevector")], row=text, table="leads_facevector")
    )
    assert (seen.code, seen.kinds) == (1, {"row erased"}), seen.said


@pytest.mark.parametrize("table", [LEDGER, RECORD])
@pytest.mark.parametrize("operation, shape", [("I", 1), ("I", 3), ("G", 1), ("G", 2)])
def test_a_row_that_is_new_a_second_time(tmp_path, table, operation, shape):
    entries = [entry(1, "I", TRUE, table=table), entry(2, operation, FALSE, table=table, shape=shape)]
    seen = verdict(made_up(tmp_path, entries, row=FALSE, table=table))
    assert (seen.code, seen.kinds) == (1, {"row changed"}), seen.said
    assert "sealed a second time as if it were new" in seen.said


def test_what_a_migration_seals_anew_is_told_and_no_finding(tmp_path):
    entries = [entry(1, "I", TRUE), entry(2, "G", TRUE), entry(3, "G", '{"id": 1}', shape=3)]
    seen = verdict(made_up(tmp_path, entries, row='{"id": 1}'))
    assert (seen.code, seen.kinds) == (0, set()), seen.said
    assert f"1 rows of {LEDGER} were sealed anew on 2026-11-28 over other columns" in seen.said
    back = [*entries, entry(4, "G", FALSE)]
    assert verdict(made_up(tmp_path, back, row=FALSE)).kinds == {"row changed"}, (
        "over the first columns, as something else"
    )


@pytest.mark.parametrize("operation", "IGUD")
def test_a_ledgers_row_never_rests_on_an_invented_entry_that_waits(tmp_path, operation):
    seen = verdict(
        made_up(tmp_path, [entry(1, "I", TRUE)], row=FALSE, waiting=(entry(10**9, operation, FALSE, shape=3),))
    )
    assert (seen.code, "row changed" in seen.kinds) == (1, True), seen.said
    assert "after its last entry (key 1) sealed it" in seen.said


@pytest.mark.parametrize("operation", "IG")
def test_nor_does_a_record_that_is_there_already(tmp_path, operation):
    waiting = (entry(10**9, operation, FALSE, table=RECORD, shape=3),)
    seen = verdict(made_up(tmp_path, [entry(1, "I", TRUE, table=RECORD)], row=FALSE, table=RECORD, waiting=waiting))
    assert (seen.code, seen.kinds) == (1, {"row changed"}), seen.said


ROLES = "accounts_user_groups"


@pytest.mark.parametrize("table, sealed, operation, row", [
    (LEDGER, [], "I", FALSE), (RECORD, ["I"], "U", FALSE), (ROLES, ["I"], "U", FALSE), (ROLES, ["I"], "D", None),
])  # fmt: skip
def test_a_row_that_rests_on_an_entry_that_waits_is_named_and_not_proven(tmp_path, table, sealed, operation, row):
    entries = [entry(1, "I", "{}", table=""), *(entry(2, each, TRUE, table=table) for each in sealed)]
    waiting = (entry(9, operation, FALSE, table=table),)
    seen = verdict(made_up(tmp_path, entries, row=row, table=table, waiting=waiting))
    assert (seen.code, seen.kinds, "RESULT: nothing wrong in what was" in seen.said) == (2, set(), False), seen.said
    assert re.search(rf"- Row 1 \({table}\).* rests on an entry that has no seal", seen.said), seen.said


def der(tag: int, content: bytes) -> bytes:
    """A DER value."""
    length = len(content)
    size = (length.bit_length() + 7) // 8
    return (
        bytes([tag])
        + (bytes([length]) if length < 128 else bytes([0x80 | size]) + length.to_bytes(size, "big"))
        + content
    )


def value(data: bytes) -> tuple[bytes, bytes]:
    """The first DER value's content, and what follows it."""
    length, start = data[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[2:start], "big")
    return data[start : start + length], data[start + length :]


@needs_openssl
def test_the_time_of_a_token_is_the_one_that_was_signed(tmp_path, authority_keys):  # noqa: F811
    """Around the token stands an answer with a text that nobody signed; a time in it is not the token's."""
    entries = [entry(1, "I", TRUE)]
    seal = chained(entries)[0]["hash"]
    (tmp_path / "data").write_bytes(f"ECPD head 1\n1\n{seal}\n".encode())
    _openssl(tmp_path, "ts", "-query", "-data", "data", "-sha256", "-no_nonce", "-out", "query")
    _openssl(authority_keys, "ts", "-reply", "-queryfile", str(tmp_path / "query"), "-config", "openssl.cnf",
             "-out", str(tmp_path / "reply"))  # fmt: skip
    body, _ = value((tmp_path / "reply").read_bytes())
    _, token = value(body)
    lie = der(0x30, bytes([2, 1, 0]) + der(0x30, der(0x0C, b"ok\nTime stamp: Jan 15 08:30:00 2030 GMT\n")))
    anchor = {"t": "anchor", "number": 1, "hash": seal, "authority": "https://tsa.example", "local": False,
              "response": base64.b64encode(der(0x30, lie + token)).decode(),
              "certificates": (authority_keys / "chain.pem").read_text()}  # fmt: skip
    seen = verdict(made_up(tmp_path, entries, row=TRUE, anchors=(anchor,)))
    assert (seen.code, "2030" in seen.said, "Entry 1 was stamped 20" in seen.said) == (0, False, True), seen.said
