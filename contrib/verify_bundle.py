#!/usr/bin/env python3
"""Verify an export of an ECPD audit chain, without ECPD: `python3 verify_bundle.py FILE`.

Needs Python 3.8 or newer and nothing else. Time stamps are checked with `openssl` where it is installed, else with the
package rfc3161-client where that is, else the report says that they were not. What an export holds, what each finding
means and what all of it proves stands in ECPD's docs/verify.md.

Exit code 0: nothing wrong in what was checked. 1: something is wrong. 2: the file cannot be used, or a part of the chain
cannot be proven from it. The report says in words what was checked and what was not.
"""

import argparse
import base64
import gzip
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zlib
from datetime import datetime, timedelta, timezone

LONGEST_LINE = 32 * 2**20  # bytes
MOST_GROWTH, ALWAYS_ALLOWED = 400, 64 * 2**20  # a file grows so many times when it is unpacked, or to so many bytes
LARGEST_NUMBER = 2**63 - 1
PRINTED = 50
FIRST_PREVIOUS = "0" * 64
AN_HOUR, A_SECOND = timedelta(hours=1), timedelta(seconds=1)
HEX = re.compile(r"[0-9a-f]{64}")
TEXT, NUMBER, FLAG, LIST = str, int, bool, list
TEXT_OR_NONE = (str, type(None))
# Lines in their order, and what each must hold. What is in brackets may be missing.
LINES = {
    "manifest": {"format": NUMBER, "product": TEXT, "made_at": TEXT, "case": TEXT},
    "table": {"name": TEXT, "label": TEXT, "refused": TEXT, "erased": TEXT},
    "shape": {"id": NUMBER, "table": TEXT, "columns": LIST, "by_hash": LIST},
    "head": {"number": NUMBER, "hash": TEXT, "noted_at": TEXT},
    "check": {"at": TEXT, "entries": NUMBER, "rows": NUMBER, "result": TEXT, "findings": LIST},
    "anchor": {"number": NUMBER, "hash": TEXT, "authority": TEXT, "local": FLAG, "response": TEXT, "certificates": TEXT,
               "[stamped_at]": TEXT},
    "link": {"number": NUMBER, "previous": TEXT, "hash": TEXT, "sealed_at": TEXT, "[key]": NUMBER, "[gone]": FLAG,
             "[format]": NUMBER, "[salt]": TEXT, "[entry]": TEXT, "[entry_digest]": TEXT, "[withheld]": FLAG},
    "stray": {"key": NUMBER, "action": TEXT},
    "waiting": {"key": NUMBER, "entry": TEXT},
    "row": {"table": TEXT, "id": TEXT, "row": TEXT_OR_NONE},
    "elsewhere": {"table": TEXT, "id": TEXT},
    "end": {"counts": dict},
}  # fmt: skip
PLACES = {kind: place for place, kind in enumerate(LINES)}
ENTRY = {"id": NUMBER, "at": TEXT, "table_name": TEXT, "row_id": TEXT, "operation": TEXT, "digest": TEXT}
# What may happen to a row of a sealed table once it is there: change (U), be removed (D). In any other table neither may;
# the file is not asked, for it is what is checked.
CHANGES = """
accounts_apitoken accounts_factorstate accounts_passwordlock accounts_passwordreset accounts_rescue
accounts_trainingcertificate cases_case cases_caseassignment cases_caselink cases_evidence cases_incidentnumber
cases_person cases_personmerge
leads_corroboration leads_examinationrequest leads_galleryphoto leads_gallerysource leads_importbatch leads_lead leads_optout
leads_probefaces leads_searchrequest leads_warrantapplication parking_abandonedvehicle parking_alert parking_citation
parking_citationcopy parking_citationhold parking_contest parking_curbarea parking_curbspace parking_device
parking_devicetoken parking_exemption parking_guestcode parking_hotlist parking_hotlisthit parking_partneragency
parking_paymentplan parking_permit parking_permitapplication parking_permitclass parking_permitplate parking_permitreminder
parking_planrequest parking_platehold parking_platepolicy parking_streetlabel parking_violation parking_zone
parking_zonepolicy policy_amendment
"""
COMES_AND_GOES = """
accounts_user accounts_user_groups guardian_userobjectpermission leads_facevector mfa_authenticator
parking_permitterms_areas parking_zone_areas
"""
LAWFUL = {**dict.fromkeys(CHANGES.split(), "U"), **dict.fromkeys(COMES_AND_GOES.split(), "UD")}
ERASED = {"leads_facevector": "embedding"}  # the column that an opt-out empties
SCHEMA = """
CREATE TABLE entry (tab TEXT, row TEXT, key INTEGER, operation TEXT, digest TEXT, number INTEGER, opt_out TEXT,
                    shape INTEGER, at TEXT, PRIMARY KEY (tab, row, key)) WITHOUT ROWID;
CREATE TABLE seen (tab TEXT, row TEXT, PRIMARY KEY (tab, row)) WITHOUT ROWID;
CREATE TABLE decision (id INTEGER, digest TEXT, number INTEGER, seen INTEGER);
CREATE INDEX of_decision ON decision (id);
CREATE TABLE written (key INTEGER PRIMARY KEY, at TEXT);
"""
# The entry that a row must fit. One that waits for its seal is it where nothing sealed tells of the row, or where rows of the
# table may change so: nobody outside holds it, and who hands the file over may have made it up.
NEWEST = """
SELECT key, operation, digest, number, opt_out FROM entry e WHERE tab = ? AND row = ? AND (
    number > 0 OR instr(?, operation) > 0
    OR NOT EXISTS (SELECT 1 FROM entry s WHERE s.tab = e.tab AND s.row = e.row AND s.number > 0))
ORDER BY key DESC LIMIT 1
"""
TWICE = "SELECT tab, row FROM entry GROUP BY tab, row HAVING sum(operation IN ('I', 'G')) > 1"
UNSEEN = """
SELECT DISTINCT tab, row FROM entry e
WHERE NOT EXISTS (SELECT 1 FROM seen s WHERE s.tab = e.tab AND s.row = e.row)
"""


class Unusable(Exception):
    """The file is no export, is damaged, or means harm; nothing is said about the chain."""


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


# Reading -------------------------------------------------------------------------------------------------------------


def once(pairs):
    """An object, no name of which stands twice."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands twice")
    return made


def no_constant(word):
    raise ValueError(f"{word} is no number")


def whole_number(digits):
    return int(digits) if len(digits) < 20 else digits  # what is longer stays text, and is no number to anybody here


def parsed(text):
    """JSON, strictly. Raises ValueError."""
    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=no_constant, parse_int=whole_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def fits(value, kind):
    if kind is NUMBER:
        return type(value) is int and -LARGEST_NUMBER <= value <= LARGEST_NUMBER
    return isinstance(value, kind)


def read(path):
    """The file's lines, one after the other, each of a known kind and form, in order, none missing at the end."""
    limit = max(ALWAYS_ALLOWED, MOST_GROWTH * os.path.getsize(path))
    taken, place, counts, line = 0, 0, {}, None
    with gzip.open(path, "rb") as file:
        while True:
            raw = file.readline(LONGEST_LINE + 1)
            taken += len(raw)
            if len(raw) > LONGEST_LINE or taken > limit:
                raise Unusable("It unpacks to far more than an export holds.")
            if not raw:
                break
            if line and line["t"] == "end":
                raise Unusable("Something stands after its end.")
            line = checked_line(raw, sum(counts.values()) + 1)
            if PLACES[line["t"]] < place or (not counts and line["t"] != "manifest"):
                raise Unusable("Its lines are not in their order.")
            place = PLACES[line["t"]]
            if line["t"] != "end":
                counts[line["t"]] = counts.get(line["t"], 0) + 1
                yield line
    if not line or line["t"] != "end" or line["counts"] != counts or counts.get("manifest") != 1:
        raise Unusable("It is cut short, or lines were taken out or put in.")


def checked_line(raw, number):
    try:
        line = parsed(raw.decode("utf-8"))
        form = LINES[line["t"]]
        known = {name.strip("[]"): kind for name, kind in form.items()}
        given = {name: value for name, value in line.items() if name != "t"}
        missing = [name for name in form if name[0] != "[" and name not in given]
        if missing or any(not fits(value, known[name]) for name, value in given.items()):
            raise ValueError("it is not as it should be")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unusable(f"Line {number} cannot be read: {error}.") from None
    return line


# Time stamps -----------------------------------------------------------------------------------------------------------


def stamped_at(anchor, authority):
    """When the authority signed this head; None where nothing here can check it. Raises ValueError for a bad token."""
    text = f"ECPD head 1\n{anchor['number']}\n{anchor['hash']}\n".encode()
    response = base64.b64decode(anchor["response"], validate=True)
    if len(response) > 2**17 or len(anchor["certificates"]) > 2**19:
        raise ValueError("it is too long for a time stamp")
    if shutil.which("openssl"):
        return by_openssl(response, text, anchor["certificates"], authority)
    return by_package(response, text, anchor["certificates"], authority)


def by_openssl(response, text, certificates, authority):
    with tempfile.TemporaryDirectory() as folder:
        token, data, chain = (os.path.join(folder, name) for name in ("token", "data", "chain"))
        for path, content in ((token, response), (data, text), (chain, certificates.encode())):
            with open(path, "wb") as file:
                file.write(content)
        # What the authority signed, without the answer around it: that has a text which nobody signed.
        alone = os.path.join(folder, "alone")
        openssl("ts", "-reply", "-in", token, "-token_out", "-out", alone)
        said = openssl("ts", "-reply", "-in", alone, "-token_in", "-text").stdout.decode("ascii", "replace")
        found = re.search(r"^Time stamp: (\w{3}) +(\d+ \d\d:\d\d:\d\d)(?:\.\d+)? (\d{4}) GMT$", said, re.MULTILINE)
        if not found:
            raise ValueError("it is no time stamp")
        signed = datetime.strptime(" ".join(found.groups()), "%b %d %H:%M:%S %Y").replace(tzinfo=timezone.utc)
        answer = openssl("ts", "-verify", "-data", data, "-in", token, "-CAfile", authority or chain,
                         "-untrusted", chain, "-attime", str(int(signed.timestamp())))  # fmt: skip
    if answer.returncode or b"Verification: OK" not in answer.stdout:
        raise ValueError("it is not of this seal, or not of this authority")
    return signed


def openssl(*arguments):
    try:
        return subprocess.run(["openssl", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    except subprocess.TimeoutExpired:
        raise ValueError("openssl did not end") from None


def by_package(response, text, certificates, authority):
    try:
        import rfc3161_client as package
        from cryptography import x509
    except ImportError:
        return None
    chain = x509.load_pem_x509_certificates(certificates.encode())
    roots = [each for each in chain if each.issuer == each.subject]
    if authority:
        with open(authority, "rb") as file:
            roots = [each for each in x509.load_pem_x509_certificates(file.read()) if each.issuer == each.subject]
    signers = [each for each in chain if each.issuer != each.subject and signs_stamps(each)]
    builder = package.VerifierBuilder(
        roots=roots,
        tsa_certificate=signers[0] if len(signers) == 1 else None,
        intermediates=[each for each in chain if each.issuer != each.subject and each not in signers],
    )
    try:
        answer = package.decode_timestamp_response(response)
        builder.build().verify_message(answer, text)
    except (package.VerificationError, ValueError) as error:
        raise ValueError(str(error)) from None
    return answer.tst_info.gen_time


def signs_stamps(certificate):
    from cryptography import x509

    try:
        return (
            x509.ExtendedKeyUsageOID.TIME_STAMPING
            in certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        )
    except x509.ExtensionNotFound:
        return False


# Verifying -------------------------------------------------------------------------------------------------------------


class Bundle:
    """One walk through a file: `findings` and what was looked at."""

    def __init__(self, heads, authority, say):
        self.say, self.authority = say, authority
        self.findings = self.entries = self.hidden = self.withheld = self.rows = self.waiting = self.erased = 0
        self.resting, self.anew, self.shapes, self.hands = [], {}, {}, {}
        self.number, self.hash, self.last_withheld, self.first = 0, FIRST_PREVIOUS, 0, 0
        self.manifest, self.tables, self.elsewhere = {}, {}, {}
        self.heads, self.conflicts, self.anchors, self.unchecked = {}, set(), {}, 0
        self.latest = self.sealed = self.oldest = None
        self.newest_transaction, self.behind, self.late, self.written = 0, [], 0, []
        self.longest, self.reached, self.held, self.forever = timedelta(0), [], 0, 0
        self.noted = []
        self.db = sqlite3.connect("")  # a file of its own that is gone when this ends: a large chain fits no memory
        self.db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + SCHEMA)
        for number, seal in heads:
            self.note_head(number, seal)

    def found(self, kind, sentence):
        self.findings += 1
        if self.findings <= PRINTED:
            self.say(f"{kind}: {sentence}")

    def note_head(self, number, seal):
        if self.heads.setdefault(number, seal) != seal:
            self.conflicts.add(number)

    # one line of each kind

    def manifest_line(self, line):
        if line["format"] != 1 or line["product"] != "ECPD":
            raise Unusable("It is no export that this version of the script knows.")
        self.manifest = line

    def table_line(self, line):
        self.tables[line["name"]] = line

    def shape_line(self, line):
        names = [[name for name in line[listed] if fits(name, TEXT)] for listed in ("columns", "by_hash")]
        self.shapes[line["id"]] = tuple(tuple(sorted(set(each))) for each in names)

    def check_line(self, line):
        pass

    def head_line(self, line):
        self.note_head(line["number"], line["hash"])

    def anchor_line(self, line):
        self.note_head(line["number"], line["hash"])
        try:
            signed = stamped_at(line, self.authority)
        except ValueError as error:
            self.found("token", f"The time stamp of entry {line['number']:,} does not hold: {error}.")
            return
        if signed and "stamped_at" in line and abs(moment(line["stamped_at"]) - signed) > A_SECOND:
            words = f"The time stamp of entry {line['number']:,} was signed at {signed:%Y-%m-%d %H:%M:%S} UTC, not when it says."
            self.found("token", words)
        if signed is None:
            self.unchecked += 1
        elif line["number"] not in self.anchors or signed < self.anchors[line["number"]][0]:
            local = line["local"] or bool(re.match(r"https?://(127\.|localhost\b|\[::1\])", line["authority"]))
            self.anchors[line["number"]] = signed, line["authority"], local, roots_of(line["certificates"])

    def link_line(self, line):
        self.entries += 1
        self.first = self.first or line["number"]
        entry, sealed = None, moment(line["sealed_at"])
        if "entry" in line:
            entry = self.entry_of(line)
        elif self.manifest["case"] == "" and "gone" not in line:
            raise Unusable("It says it is of everything, and an entry is not shown.")
        broken = self.broken(line, entry)
        if not broken and (self.heads.get(line["number"], line["hash"]) != line["hash"]
                           or line["number"] in self.conflicts):  # fmt: skip
            broken = "changed", f"Entry {line['number']:,} does not carry the seal that was noted for it."
        words = self.times(line["number"], entry, sealed)
        if not broken and words:
            broken = "backdated", words
        if not broken and entry:
            self.note_time(line["number"], entry)
        if broken:
            self.found(*broken)
        self.number, self.hash = max(line["number"], self.number), line["hash"]
        self.anchored(line["number"], line["hash"], sealed)

    def entry_of(self, line):
        """What an entry tells, noted for the rows; None when it cannot be read."""
        try:
            told = parsed(line["entry"])
            if line.get("format") == 1:
                self.note_old(told, line["number"])
                return {"at": told[1]}
            self.note_entry(told, line["number"])
        except (ValueError, KeyError, TypeError, IndexError):
            self.found("changed", f"Entry {line['number']:,} cannot be read.")
            return None
        return told

    def note_entry(self, told, number):
        if any(not fits(told[name], kind) for name, kind in ENTRY.items()):
            raise ValueError("it is no entry")
        if told["table_name"]:
            detail = told.get("detail")
            opt_out = str(detail.get("opt_out", "")) if isinstance(detail, dict) else ""
            if told["operation"] not in ("I", "G"):
                hand = str(told.get("session_name", ""))[:63], told["table_name"]
                self.hands[hand] = self.hands.get(hand, 0) + 1
            shape = told.get("shape_id") if fits(told.get("shape_id"), NUMBER) else None
            of_row = told["table_name"], told["row_id"], told["id"], told["operation"], told["digest"]
            self.noted.append((*of_row, number, opt_out, shape, told["at"]))
            if len(self.noted) > 5000:
                self.flush()

    def note_old(self, told, number):
        if len(told) != 12 or told[0] != number or not fits(told[1], TEXT):
            raise ValueError("it is no entry")
        if isinstance(told[10], dict) and "decision" in told[10] and told[9] is not None:
            self.db.execute("INSERT INTO decision VALUES (?, ?, ?, 0)", (told[9], str(told[10]["decision"]), number))

    def flush(self):
        self.db.executemany("INSERT OR IGNORE INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", self.noted)
        self.db.executemany("INSERT OR IGNORE INTO written VALUES (?, ?)", self.written)
        self.noted.clear()
        self.written.clear()

    def broken(self, line, entry):
        number, expected = line["number"], self.number + 1
        if number > expected:
            gone = f"{expected:,}" if number == expected + 1 else f"{expected:,} to {number - 1:,}"
            return "missing", f"Entry {gone} is gone: the next one there is {number:,}."
        if number < expected:
            return "inserted", f"Entry {number:,} stands twice or before the first: it was slipped in."
        if "gone" in line:
            key = line.get("key", 0)
            return "missing", f"Entry {number:,} is gone: its seal is there, the entry (key {key:,}) is not."
        if "withheld" in line:
            self.withheld, self.last_withheld = self.withheld + 1, number
        elif seal_of(line) != line["hash"]:
            return "changed", f"Entry {number:,} was changed after it was sealed."
        self.hidden += "entry_digest" in line
        if line["previous"] != self.hash:
            return "reordered", f"Entry {number:,} does not follow the entry that stands before it."
        return None

    def times(self, number, entry, sealed):
        at, words = moment(entry["at"]) if entry else None, ""
        if self.sealed and sealed < self.sealed - AN_HOUR:
            words = f"Entry {number:,} was sealed before the entry it follows."
        elif at and at > sealed + AN_HOUR:
            words = f"Entry {number:,} was sealed before it was written."
        self.sealed = max(self.sealed or sealed, sealed)
        return words

    def note_time(self, number, entry):
        """Note when an entry says it was written, and whether that is long before one that it follows."""
        at, txid = moment(entry["at"]), entry.get("txid")
        key, txid = entry.get("id", number), txid if type(txid) is int else 0
        if self.latest and at < self.latest - AN_HOUR:
            self.behind.append((number, key, at, self.newest_transaction > txid > 0))
        self.latest, self.newest_transaction = max(self.latest or at, at), max(self.newest_transaction, txid)
        self.written.append((key, at.isoformat()))

    def lateness(self):
        """Tell entries of a transaction that lasted for hours from those that were dated back.

        Keys are given in the order in which entries are written, and transactions are numbered as they begin.
        """
        latest, misfits = None, set()
        rows = self.db.execute("SELECT key, at FROM written ORDER BY key") if self.behind else ()
        for key, text in rows:
            at = datetime.fromisoformat(text)
            if latest and at < latest - AN_HOUR:
                misfits.add(key)
            latest = max(latest or at, at)
        for number, key, at, is_older in self.behind:
            if is_older and key not in misfits:
                self.late += 1
            else:
                words = f"Entry {number:,} says {at:%Y-%m-%d %H:%M} UTC, long before the entry it follows."
                self.found("backdated", words)

    def anchored(self, number, seal, sealed):
        """How long it took from the oldest entry since the last time stamp to the next one."""
        self.oldest = min(self.oldest or sealed, sealed)
        if number in self.anchors and self.heads.get(number) == seal:
            signed = self.anchors[number][0]
            if signed < sealed - AN_HOUR:
                self.found("backdated", f"Entry {number:,} was sealed after it was stamped.")
            self.longest = max(self.longest, signed - self.oldest)
            self.oldest, self.held = None, number
            self.reached.append(number)

    def stray_line(self, line):
        self.found("inserted", f"The entry with key {line['key']:,} ({line['action']}) never waited for a seal.")

    def waiting_line(self, line):
        self.waiting += 1
        try:
            self.note_entry(parsed(line["entry"]), 0)
        except (ValueError, KeyError, TypeError):
            raise Unusable("An entry that waits for its seal cannot be read.") from None

    def row_line(self, line):
        self.flush()
        self.rows += 1
        table = self.tables.get(line["table"])
        if table is None:
            raise Unusable("A row is of a table that is not listed.")
        name, newest = self.name(line["table"], line["id"]), self.newest(line["table"], line["id"])
        if newest is None:
            self.found("row inserted", f"{name} has no entry in the chain: it was slipped in.")
        elif not self.see(line):
            self.found("row inserted", f"{name} stands twice.")
        else:
            self.compare(name, line["table"], newest, line["row"])
        if line["table"] == "policy_decision" and line["row"] is not None:
            self.old_decision(line)

    def name(self, table, row):
        return f"{self.tables[table]['label']} {row} ({table})"

    def newest(self, table, row):
        return self.db.execute(NEWEST, (table, row, LAWFUL.get(table, ""))).fetchone()

    def see(self, line):
        """Note that a row is here, or told to be elsewhere; whether that is new."""
        return self.db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (line["table"], line["id"])).rowcount == 1

    def compare(self, name, table, newest, text):
        key, operation, digest, number, opt_out = newest
        if operation not in lawful(table):
            pass  # `refused` names it
        elif operation == "D":
            self.found("row inserted", f"{name} was removed on the record, and is there again.")
        elif text is None:
            self.found("row unreadable", f"{name} was sealed with columns that are not there any more.")
        elif sha256(text) != digest:
            self.found("row changed", f"{name} was changed after its last entry (key {key:,}) sealed it.")
        elif not number:
            self.resting.append(name)
        if table in ERASED and text is not None:
            self.tombstone(name, ERASED[table], text, opt_out)

    def refused(self):
        """Name every entry that tells of what nobody may do to a row of its table."""
        for table, row, key, operation in self.db.execute(
            "SELECT tab, row, key, operation FROM entry WHERE operation NOT IN ('I', 'G')"
        ):
            if operation not in lawful(table) and table in self.tables:
                done = "removed" if operation == "D" else "changed"
                words = f"{self.name(table, row)} was {done}, which nobody may do; the entry with key {key:,} says so."
                self.found(f"row {done}", words)

    def twice(self):
        """Name rows that were sealed a second time as if they were new; count those sealed anew over other columns."""
        for table, row in self.db.execute(TWICE).fetchall():
            known = {}
            for key, operation, digest, shape, at in self.db.execute(
                "SELECT key, operation, digest, shape, at FROM entry WHERE tab = ? AND row = ? ORDER BY key",
                (table, row),
            ):
                shape, before = self.shapes.get(shape, shape), known
                known = dict(before) if operation == "G" else {}
                if operation != "D":
                    known[shape] = digest
                if before and (operation == "I" or (operation == "G" and before.get(shape, digest) != digest)):
                    if table in self.tables:
                        self.found("row changed", f"{self.name(table, row)} was sealed a second time as if it were new; "
                                   f"the entry with key {key:,} says so.")  # fmt: skip
                elif before and operation == "G" and shape not in before:
                    self.anew[table, at[:10]] = self.anew.get((table, at[:10]), 0) + 1

    def tombstone(self, name, column, text, opt_out):
        """A row that was emptied names an opt-out, and its entry the same."""
        try:
            row = json.loads(text)
            empty, under = row[column] is None, row.get("erased_under_id")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            empty, under = True, None
        if empty and under is None:
            self.found("row erased", f"{name} was erased without an opt-out.")
        elif empty and str(under) != opt_out:
            self.found("row erased", f"{name} was erased, and opt-out {under}, which it names, does not say so.")
        self.erased += empty

    def old_decision(self, line):
        """Entries of format 1 carry a digest of their decision."""
        wanted = self.db.execute("SELECT digest, number FROM decision WHERE id = ?", (line["id"],)).fetchall()
        if wanted:
            try:
                row = json.loads(line["row"])
                names = ["id", "actor_id", "action", "subject_type", "subject_id", "case_number", "outcome", "verdicts",
                         "justification", "parameters", "manual_version_id"]  # fmt: skip
                made = sha256(json.dumps([row[name] for name in names], sort_keys=True, ensure_ascii=False))
            except (ValueError, KeyError, TypeError, RecursionError):
                made = ""
            for digest, number in wanted:
                if digest != made:
                    self.found("row changed", f"Decision {line['id']} was changed after entry {number:,} sealed it.")
            self.db.execute("UPDATE decision SET seen = 1 WHERE id = ?", (line["id"],))

    def elsewhere_line(self, line):
        if self.manifest["case"] == "":
            raise Unusable("It says it is of everything, and a row is not shown.")
        self.flush()
        self.elsewhere[line["table"]] = self.elsewhere.get(line["table"], 0) + 1
        self.see(line)

    def end(self):
        """What is missing at the end of the chain, and every row that an entry added and none removed."""
        self.flush()
        self.lateness()
        cut = next((number for number in sorted(self.heads) if number > self.number), None)
        if cut is not None:
            self.found("cut", f"The chain ends at entry {self.number:,}, but entry {cut:,} was noted: the end was cut.")
        if self.rows and not self.entries and not self.waiting:
            self.found("empty", f"The chain is empty, and {self.rows:,} sealed rows are there.")
        self.refused()
        self.twice()
        for (table,) in self.db.execute("SELECT DISTINCT tab FROM entry").fetchall():
            if table not in self.tables:
                self.found("row unreadable", f"The table {table} was sealed and is not any more: no row of it is here.")
        for table, row in self.db.execute(UNSEEN).fetchall():
            key, operation, _, number, _ = self.newest(table, row)
            if table in self.tables and operation != "D":
                self.found("row missing", f"{self.name(table, row)} is gone; its last entry has key {key:,}.")
            elif table in self.tables and not number:
                self.resting.append(f"{self.name(table, row)}, removed,")
        if not self.manifest["case"]:
            for key, number in self.db.execute("SELECT id, number FROM decision WHERE NOT seen"):
                self.found("row missing", f"The decision {key} that entry {number:,} seals is gone.")


def lawful(table):
    """What an entry may say of a row of this table."""
    return {"I", "G", *LAWFUL.get(table, "")}


def seal_of(line):
    """The seal that an entry ought to carry."""
    if "entry" in line and line.get("format") == 1:
        return sha256(line["previous"] + line["entry"])
    if "entry" in line:
        salt = line.get("salt", "")
        last = sha256(f"{salt}\n{line['entry']}") if salt else line["entry"]
    else:
        last = line.get("entry_digest", "")
        if not HEX.fullmatch(last):
            raise Unusable(f"Entry {line['number']} is neither shown nor stands there by its digest.")
    return sha256(f"{line['previous']}\n{line['number']}\n{line['sealed_at']}\n{last}")


def moment(text):
    try:
        return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)
    except ValueError:
        raise Unusable("A time in it is none.") from None


def roots_of(pem):
    """SHA-256 of each certificate, as authorities publish it."""
    found = re.findall(r"-----BEGIN CERTIFICATE-----([^-]+)-----END", pem)[:10]
    try:
        return [hashlib.sha256(base64.b64decode(each)).hexdigest() for each in found]
    except ValueError:
        return []


# Saying ----------------------------------------------------------------------------------------------------------------


def report(bundle, heads):
    """In words, what was checked and what was not; returns the exit code."""
    of_what = f"case {bundle.manifest['case']}" if bundle.manifest["case"] else "the whole record"
    bundle.say(f"\nThe export of {of_what}, made {bundle.manifest['made_at'][:19]}.\n\nCHECKED")
    for sentence in checked(bundle, heads):
        bundle.say(f"- {sentence}")
    bundle.say("NOT CHECKED")
    for sentence in not_checked(bundle):
        bundle.say(f"- {sentence}")
    if bundle.findings > PRINTED:
        bundle.say(f"(The first {PRINTED} findings are named above.)")
    if bundle.findings:
        bundle.say(f"\nRESULT: {bundle.findings:,} findings. The record is not what it was, or this export is not.")
        return 1
    if bundle.withheld or not bundle.entries:
        bundle.say("\nRESULT: nothing wrong was found, and a part of the chain cannot be proven from this file.")
        return 2
    if bundle.resting:
        bundle.say(
            "\nRESULT: nothing wrong was found, and the rows that rest on entries without a seal are not proven."
        )
        return 2
    bundle.say("\nRESULT: nothing wrong in what was checked.")
    return 0


def checked(bundle, heads):
    whole = bundle.entries - bundle.hidden - bundle.withheld
    yield f"{bundle.entries:,} entries: numbers, times, and that each follows the one before it."
    if bundle.withheld:
        yield f"The seals of entries {bundle.last_withheld + 1:,} to {bundle.number:,} were made anew without a gap."
    elif bundle.entries and not bundle.findings:
        yield f"Entries 1 to {bundle.number:,} are whole: no number is missing, and each seal was made anew."
    if bundle.hidden:
        yield f"{whole:,} of them are shown; {bundle.hidden:,} of other matters stand in the chain by their digest."
    yield f"{bundle.rows:,} rows against their newest entries, and for each row that an entry tells of, that it is here."
    if bundle.erased:
        yield f"{bundle.erased:,} templates that were erased: that each names an opt-out, and its entry the same."
    if bundle.late:
        yield (
            f"{bundle.late:,} entries were sealed more than an hour after they were written: their keys and the numbers of "
            "their transactions fit the time they say, as those of a long import do."
        )
    for (table, day), count in sorted(bundle.anew.items()):
        yield (
            f"{count:,} rows of {table} were sealed anew on {day} over other columns, as is done when a column goes. What "
            "they said before that day cannot be made anew."
        )
    for role in sorted({role for role, _ in bundle.hands})[:PRINTED]:
        tables = sorted(f"{table} {count:,}" for (name, table), count in bundle.hands.items() if name == role)
        yield f"Changes and removals in sessions of the database role {role or '?'}: {', '.join(tables)}."
    if heads:
        yield f"{len(heads):,} heads that you gave."
    if bundle.reached:
        yield from anchors(bundle)


def anchors(bundle):
    first, last = bundle.reached[0], bundle.reached[-1]
    for number in dict.fromkeys((first, last)):
        signed, authority, _, prints = bundle.anchors[number]
        yield f"Entry {number:,} was stamped {signed:%Y-%m-%d %H:%M:%S} UTC by {authority}: it was so by then."
        if not bundle.authority:
            yield f"The certificates for it that came with the file (SHA-256): {', '.join(prints)}"
    if bundle.findings:
        return
    if first != last:
        yield f"Between entry {first:,} and entry {last:,} nothing was added, changed or taken out after the latter time."
    yield (
        f"The longest time from a seal to the next time stamp is {bundle.longest}. Who rewrote an entry and stamped it "
        "again would have needed to do it within that time, or to date the seals anew."
    )


def not_checked(bundle):
    trusted = [number for number in bundle.reached if not bundle.anchors[number][2]]
    if bundle.unchecked:
        yield f"Token not checked: {bundle.unchecked:,} time stamps. Install openssl, or the package rfc3161-client."
    if not bundle.reached:
        yield "Nothing outside the department holds this chain: who owns the database could have written all of it anew."
    elif not trusted:
        yield "The authority runs on the department's own machine: its time stamps prove nothing to you."
    elif not bundle.authority:
        yield (
            "Whether the certificates in the file are the authority's. Get its root from itself: --authority ROOT.pem, "
            "or compare the SHA-256 above with what it publishes."
        )
    if bundle.reached and bundle.held < bundle.number:
        yield f"Entries {bundle.held + 1:,} to {bundle.number:,} came after the last time stamp: nobody outside holds them."
    if bundle.withheld:
        yield (
            f"{bundle.withheld:,} entries up to {bundle.last_withheld:,} were sealed so that only their text proves them, "
            "and it is not shown. Ask for the whole export, or for a judge to look at it."
        )
    if bundle.hidden:
        yield (
            f"Whether one of the {bundle.hidden:,} entries that are not shown belongs to this case. The department chose; "
            "each can be shown later and must fit its digest here."
        )
    for table, count in sorted(bundle.elsewhere.items()):
        yield f"{count:,} rows of {table} that this case's entries tell of: the export says they are not this case's."
    if bundle.waiting:
        yield f"{bundle.waiting:,} entries wait for their seal, {len(bundle.resting):,} rows rest on them alone."
        yield from (f"{name} rests on an entry that has no seal." for name in bundle.resting[:PRINTED])
        if bundle.resting:
            yield "The sealer works every second: an export made a little later shows them sealed."
    yield "Whether what was recorded was true when it was recorded."


def head(text):
    number, _, seal = text.partition(":")
    if not re.fullmatch(r"[0-9]{1,18}", number) or not HEX.fullmatch(seal):
        raise argparse.ArgumentTypeError("write it as NUMBER:SEAL")
    return int(number), seal


def main(arguments=None):
    asks = argparse.ArgumentParser(description="Verify an export of an ECPD audit chain.")
    asks.add_argument("file", help="what `manage.py export_audit` wrote")
    asks.add_argument("--head", action="append", type=head, default=[], metavar="NUMBER:SEAL", help="a head you hold")
    asks.add_argument("--authority", metavar="ROOT.pem", help="the root certificate, got from the authority itself")
    given = asks.parse_args(arguments)
    if given.authority and not os.path.isfile(given.authority):
        asks.error(f"{given.authority} is not there")
    say = Printer()
    bundle = Bundle(given.head, given.authority and os.path.abspath(given.authority), say)
    try:
        for number, line in enumerate(read(given.file)):
            getattr(bundle, f"{line['t']}_line")(line)
            if number % 50_000 == 49_999 and sys.stderr.isatty():
                print(f"\r{number + 1:,} lines", end="\r", file=sys.stderr)
        bundle.end()
    except (Unusable, OSError, EOFError, zlib.error, UnicodeEncodeError, OverflowError, sqlite3.Error) as error:
        say(f"\nRESULT: the file cannot be used; nothing in it was proven. {error}")
        return 2
    return report(bundle, given.head)


class Printer:
    """Prints a line; what a hostile file might put into it to steer a terminal is left out."""

    def __call__(self, line):
        shown = "".join(sign if sign.isprintable() or sign == "\n" else "?" for sign in line)
        print(shown.encode(sys.stdout.encoding or "ascii", "replace").decode(sys.stdout.encoding or "ascii"))


if __name__ == "__main__":
    sys.exit(main())
