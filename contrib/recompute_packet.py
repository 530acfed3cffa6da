#!/usr/bin/env python3
"""Recompute what a packet of ECPD says of its searches, without ECPD: `python3 recompute_packet.py W-26-0001.json`.

The file is attached to the packet's PDF: save it from there with any reader of PDF files, or give the PDF where the package
pypdf is installed. Needs Python 3.8 or newer and nothing else. With `--pictures FOLDER --model FOLDER` templates are made anew
too: the first holds the pictures, each named by its SHA-256 with any ending, the second the model's package; that needs
insightface, onnxruntime and opencv of the versions that the packet names.

Exit code 0: all that was recomputed came out the same. 1: something did not. 2: the file cannot be used.
The report says in words what was recomputed and what was not.
"""

import argparse
import hashlib
import json
import math
import sys
from decimal import ROUND_DOWN, Decimal
from pathlib import Path

THOUSANDTH = Decimal("0.001")
OWN_PARTS = "Policy decisions on this case"  # grows by every question that is asked: no part of the version
LIKE = 0.002  # how far a cosine may lie from the recorded one: processors differ in the last digits, templates are kept in 16 bit


class Unusable(Exception):
    """The file is no packet's, or is damaged."""


class Packet:
    """A packet's file: its rows by table and key, and what was found."""

    def __init__(self, content):
        try:
            if content["kind"] != "packet" or content["format"] != 1:
                raise Unusable("It is no packet of format 1.")
            self.content, self.lines = content, content["lines"]
            self.rows = {}
            for line in self.lines:
                if line["t"] == "row" and line["row"] is not None:
                    self.rows.setdefault(line["table"], {})[line["id"]] = json.loads(line["row"])
        except (KeyError, TypeError, ValueError) as error:
            raise Unusable(f"It does not hold what a packet holds: {error!r}.") from None
        self.wrong, self.said = [], []

    def of(self, table):
        return self.rows.get(table, {})

    def same(self, is_same, words):
        if not is_same:
            self.wrong.append(words)


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


# The chain -------------------------------------------------------------------------------------------------------------


def chain(packet):
    """Each row is what its newest entry says; each entry fits its seal."""
    newest, sealed = {}, 0
    for line in packet.lines:
        if line["t"] == "link":
            sealed += 1
            packet.same(seal_of(line) == line["hash"], f"Entry {line['number']} does not fit its seal.")
        if line["t"] in ("link", "waiting"):
            if line.get("format") == 1:
                continue
            entry = json.loads(line["entry"])
            of = (entry["table_name"], entry["row_id"])
            if of not in newest or newest[of]["id"] < entry["id"]:
                newest[of] = entry
    for line in (line for line in packet.lines if line["t"] == "row"):
        entry = newest.get((line["table"], line["id"]))
        name = f"{line['table']} {line['id']}"
        packet.same(entry is not None, f"{name} has no entry in the chain.")
        packet.same(line["row"] is not None, f"{name} could not be read over the columns that it was sealed with.")
        packet.same(entry is None or line["row"] is None or entry["digest"] == sha256(line["row"]),
                    f"{name} is not what its newest entry says.")  # fmt: skip
    waiting = sum(line["t"] == "waiting" for line in packet.lines)
    head = next((line for line in packet.lines if line["t"] == "head"), None)
    packet.said.append(f"{sum(map(len, packet.rows.values())):,} rows against their entries, {sealed:,} entries against their "
                       f"seals; {waiting:,} entries waited for a seal when the file was made.")  # fmt: skip
    if head:
        packet.said.append(f"The chain's head was {head['number']}:{head['hash']}: give it to verify_bundle.py with the export "
                           "of the case, which proves that each seal here stands where it says.")  # fmt: skip


def seal_of(line):
    """The seal that an entry ought to carry (ECPD's docs/verify.md)."""
    if line["format"] == 1:
        return sha256(line["previous"] + line["entry"])
    last = sha256(f"{line['salt']}\n{line['entry']}") if line["salt"] else line["entry"]
    return sha256(f"{line['previous']}\n{line['number']}\n{line['sealed_at']}\n{last}")


# The version -----------------------------------------------------------------------------------------------------------


def version(packet):
    """The packet's version is the digest of its parts; who read which version stands in the rows."""
    parts = {}
    for section in packet.content["sections"]:
        if section["heading"] != OWN_PARTS:
            parts[section["heading"]] = sha256(json.dumps(section, sort_keys=True, ensure_ascii=False))[:16]
    made = sha256("".join(f"{heading}\n{part}\n" for heading, part in sorted(parts.items())))
    packet.same(made == packet.content["version"], "The version is not the digest of the parts.")
    readers = sum(one["version"] == made for one in packet.of("leads_packetreading").values())
    packet.said.append(
        f"The version {made} from {len(parts)} parts; {readers} openings of the packet on record name it."
    )


# Ranks and scores ------------------------------------------------------------------------------------------------------


def tail(fit, cosine):
    """P(a pair of two people is at least this similar): generalised Pareto above u."""
    if cosine <= fit["u"]:
        return fit["p_above"]
    excess = (cosine - fit["u"]) / fit["scale"]
    if fit["shape"] == 0:
        return fit["p_above"] * math.exp(-excess)
    inner = 1 + fit["shape"] * excess
    return fit["p_above"] * inner ** (-1 / fit["shape"]) if inner > 0 else 0.0


def score(fit, cosine, people):
    """The match score under one fit: 100 x (1 - tail) ** people."""
    if cosine <= fit["u"]:
        return 100 * (1 - fit["p_above"]) ** max(people, 1) * max(0.0, cosine / fit["u"])
    return 100 * math.exp(max(people, 1) * math.log1p(-tail(fit, cosine)))


def down(value):
    return Decimal(repr(value)).quantize(THOUSANDTH, ROUND_DOWN)


def scores(packet):
    """Of every search: the order of the list, both ends of each score, how many reach the bar."""
    listed, done = {}, 0
    for one in packet.of("leads_candidate").values():
        listed.setdefault(one["search_id"], []).append(one)
    for search in packet.of("leads_searchrequest").values():
        if search["state"] != "done":
            continue
        done += 1
        found = sorted(listed.get(search["id"], []), key=lambda one: one["rank"])
        cosines = [one["cosine"] for one in found]
        packet.same(cosines == sorted(cosines, reverse=True), f"{search['number']}: ranks do not follow similarity.")
        packet.same([one["rank"] for one in found] == list(range(1, len(found) + 1)),
                    f"{search['number']}: a rank is missing or stands twice.")  # fmt: skip
        card = packet.of("leads_modelcard").get(str(search["model_card_id"]))
        if card is None:
            packet.same(False, f"{search['number']}: its model card is not in the file.")
            continue
        for one in found:
            values = [score(fit, one["cosine"], search["gallery_size"]) for fit in card["content"]["fits"]]
            name = f"{search['number']} rank {one['rank']}"
            for said, made, words in (
                (one["match_score"], min(values), "score"),
                (one["score_high"], max(values), "milder end"),
            ):
                off = abs(Decimal(str(said)) - down(made))
                packet.same(off <= THOUSANDTH, f"{name}: its {words} is {down(made)}, and {said} is recorded.")
        above = sum(Decimal(str(one["match_score"])) >= Decimal(str(search["threshold"])) for one in found)
        packet.same(
            above == search["above_bar"], f"{search['number']}: {above} reach the bar, {search['above_bar']} recorded."
        )
    many = sum(map(len, listed.values()))
    packet.said.append(f"Ranks, both ends of each score and the count above the bar of {done:,} searches with {many:,} "
                       "candidates, from cosine, gallery size and model card.")  # fmt: skip


# Templates -------------------------------------------------------------------------------------------------------------


def templates(packet, pictures, model):
    """The cosine of each pair of pictures that is there, made anew from the pictures with the model."""
    import cv2
    import numpy as np
    from insightface.model_zoo.arcface_onnx import ArcFaceONNX
    from insightface.utils import face_align

    recognizer = ArcFaceONNX(str(next(model.glob("*recognition*.onnx"))))
    recognizer.prepare(ctx_id=-1)
    files, made = {file.stem: file for file in pictures.iterdir()}, {}

    def template(digest, landmarks):
        key = (digest, json.dumps(landmarks))
        if key not in made:
            raw = files[digest].read_bytes()
            if hashlib.sha256(raw).hexdigest() != digest:
                raise Unusable(f"{files[digest]} is not the picture that its name says.")
            pixels = cv2.imdecode(np.frombuffer(raw, np.uint8), cv2.IMREAD_COLOR)
            face = face_align.norm_crop(pixels, landmark=np.array(landmarks, dtype=np.float32), image_size=112)
            vector = recognizer.get_feat(face).ravel().astype(np.float32)
            made[key] = vector / np.linalg.norm(vector)
        return made[key]

    compared = without = 0
    for one in packet.of("leads_candidate").values():
        search = packet.of("leads_searchrequest")[str(one["search_id"])]
        still = packet.of("cases_evidence")[str(search["probe_id"])]
        probe = packet.of("cases_storedfile")[str(still["file_id"])]["sha256"]
        face = packet.of("leads_galleryface")[str(one["face_id"])]
        photo = packet.of("leads_galleryphoto")[str(face["photo_id"])]["sha256"]
        if probe not in files or photo not in files:
            without += 1
            continue
        cosine = float(template(probe, search["face"]["landmarks"]) @ template(photo, face["landmarks"]))
        compared += 1
        words = f"cosine {cosine:.4f}, and {one['cosine']:.4f} is recorded."
        packet.same(abs(cosine - one["cosine"]) <= LIKE, f"{search['number']} rank {one['rank']}: {words}")
    packet.said.append(f"The cosines of {compared:,} pairs from the pictures themselves, to within {LIKE}; {without:,} pairs "
                       "have no picture in the folder.")  # fmt: skip


# Saying ----------------------------------------------------------------------------------------------------------------


def read(path):
    """The packet's content from its JSON, or from the PDF that it is attached to."""
    raw = path.read_bytes()
    if raw.startswith(b"%PDF"):
        try:
            from pypdf import PdfReader
        except ImportError:
            raise Unusable("Save the attachment from the PDF first, or install pypdf.") from None
        attached = [files[0] for name, files in PdfReader(path).attachments.items() if name.endswith(".json")]
        if not attached:
            raise Unusable("Nothing that this reads is attached to the PDF.")
        raw = attached[0]
    try:
        return json.loads(raw)
    except ValueError as error:
        raise Unusable(f"It is no JSON: {error}.") from None


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--pictures", type=Path, help="a folder of pictures, each named by its SHA-256")
    parser.add_argument("--model", type=Path, help="the model's package, a folder")
    given = parser.parse_args(arguments)
    try:
        packet = Packet(read(given.file))
        chain(packet)
        version(packet)
        scores(packet)
        if given.pictures and given.model:
            templates(packet, given.pictures, given.model)
    except (Unusable, OSError) as error:
        print(f"CANNOT BE USED\n- {error}")
        return 2
    print("RECOMPUTED")
    for sentence in packet.said:
        print(f"- {sentence}")
    print("NOT RECOMPUTED")
    if not (given.pictures and given.model):
        print("- Templates and cosines: that takes the pictures and the model (--pictures, --model).")
    print("- Whether anybody in the gallery who is not listed is more similar: that takes the gallery.")
    print("- Whether what was written was true when it was written.")
    print("WRONG" if packet.wrong else "Nothing wrong in what was recomputed.")
    for sentence in packet.wrong:
        print(f"- {sentence}")
    return 1 if packet.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
