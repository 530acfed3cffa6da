"""FR-14 for discovery: the paper is PDF/A-3a with its records attached, the same bytes each time; an expert recomputes them."""

import importlib.util
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from cases import vault
from cases.models import Evidence, StoredFile
from cases.services import matter
from cases.services.case import open_case, set_sealed
from ecpd.audit.findings import snapshot
from ecpd.audit.part import part_of_the_chain
from leads.models import Candidate, GalleryFace, GalleryPhoto, SearchRequest
from leads.packet.content import PacketNow
from leads.packet.pdf import packet_pdf
from leads.packet.records import records_of
from leads.packet.software import what_ran
from leads.services.running import run
from tests.factories import leads as make
from tests.leads.conftest import degraded
from tests.sealing import seal
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
SCRIPT = Path(settings.BASE_DIR) / "contrib" / "recompute_packet.py"


@pytest.fixture
def application(db):
    """An application that waits for its captain, and another search that found somebody below the bar."""
    people = make.agency()
    made = make.applied_for(people)
    make.candidate(people, score=60.0)
    made.people = people
    return made


@pytest.fixture(scope="session")
def script():
    """The expert's script, as a module."""
    spec = importlib.util.spec_from_file_location("recompute_packet", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def expert(script, tmp_path, capsys):
    """Runs the script on a packet's records: exit code and report."""

    def report(content: bytes) -> tuple[int, str]:
        file = tmp_path / "packet.json"
        file.write_bytes(content)
        return script.main([str(file)]), capsys.readouterr().out

    return report


def records(application) -> bytes:
    packet = PacketNow(application)
    return records_of(application, packet.sections, packet.version)


def test_an_expert_recomputes_what_is_attached_and_finds_what_was_changed(application, expert):
    make.opened(application, application.people.marsh)
    seal()
    whole = records(application)
    code, said = expert(whole)
    assert code == 0, said
    assert "0 entries waited" in said and "1 openings of the packet on record name it" in said
    assert "of 2 searches with 2 candidates" in said
    row = rows_of(whole, "leads_candidate")[0]
    forged = {
        "is not what its newest entry says": whole.replace(b"Devin Harrow", b"Devin Farrow"),
        "The version is not the digest of the parts": whole.replace(b"every face compared", b"some faces compared"),
        "does not fit its seal": re.sub(rb'"sealed_at": "20\d\d', b'"sealed_at": "2019', whole, count=1),
    }
    # whoever makes row and entry fit each other again is found by the score that does not follow
    score = row["match_score"]
    code, said = expert(whole.replace(f'"match_score\\": {score}'.encode(), b'"match_score\\": 99.999'))
    assert code == 1 and "99.999 is recorded" in said
    for words, bytes_of_it in forged.items():
        assert bytes_of_it != whole
        code, said = expert(bytes_of_it)
        assert code == 1 and words in said
    assert expert(b"{}")[0] == 2 and expert(b"no JSON")[0] == 2


def test_no_record_of_a_sealed_case_and_no_template_leaves(application):
    """Of a sealed case of the matter the effect is told, never a row; templates leave by their SHA-256 alone."""
    people = application.people
    other = open_case(actor=people.aldana, title="Another robbery", offense=people.case.offense, captain=people.marsh)
    matter.enter_number(case=other, actor=people.aldana, number="26-014233", system="records")
    make.candidate(make.Agency(**{**people.__dict__, "case": other, "okafor": people.aldana}), score=50.0)
    assert searches_in(records(application)) == 3
    set_sealed(case=other, actor=people.marsh, sealed=True, reason="A witness is at risk.")
    whole = records(application)
    assert searches_in(whole) == 2 and other.case_number not in whole.decode() and b"A sealed case holds" in whole
    assert b"leads_facevector" not in whole
    for one in rows_of(whole, "leads_searchrequest"):
        assert re.fullmatch(r"[0-9a-f]{64}", one["probe_embedding"])


def rows_of(content: bytes, table: str) -> list[dict]:
    """The rows of a table, as they were sealed."""
    lines = json.loads(content)["lines"]
    return [json.loads(line["row"]) for line in lines if line["t"] == "row" and line["table"] == table]


def searches_in(content: bytes) -> int:
    """How many searches' rows are attached."""
    return len(rows_of(content, "leads_searchrequest"))


def test_the_paper_is_for_the_archive_and_the_same_each_time(application, client):
    sign_in(client, application.people.marsh)
    address = reverse("leads:application-packet-file", args=[application.number])
    first, second = (b"".join(client.get(address).streaming_content) for _ in range(2))
    assert first == second
    for one in (b"<pdfaid:part>3<", b"<pdfaid:conformance>A<", b"<pdfuaid:part>1<", b"/AFRelationship/Data"):
        assert one in first
    assert packet_pdf(application, PacketNow(application).sections)[:5] == b"%PDF-"


def test_templates_are_made_anew_from_the_pictures(script, tmp_path, asked, add_probe, stocked, portraits):
    """With real faces: the search keeps what it ran with; its cosines come out of the pictures and the model again."""
    search = asked(add_probe(degraded(portraits[0])))
    assert run(search.pk) == "done"
    search.refresh_from_db()
    assert what_ran([search]).paragraphs[1:] == []
    assert {row[0] for row in what_ran([search]).rows} >= {"ECPD", "insightface", "onnxruntime", "model: recognition"}
    listed = Candidate.objects.filter(search=search)
    photos = GalleryPhoto.objects.filter(faces__candidates__in=listed)
    with snapshot():
        lines = list(part_of_the_chain({
            SearchRequest: [search.pk], Candidate: [one.pk for one in listed], Evidence: [search.probe_id],
            StoredFile: [search.probe.file_id], GalleryFace: [one.face_id for one in listed],
            GalleryPhoto: [one.pk for one in photos],
        }))  # fmt: skip
    packet = script.Packet({"kind": "packet", "format": 1, "lines": lines})
    for stored in (search.probe.file, *(one.file for one in photos)):
        (tmp_path / f"{stored.sha256}.png").write_bytes(vault.read(stored))
    script.templates(packet, tmp_path, settings.MODEL_DIR)
    assert packet.wrong == [] and f"The cosines of {len(listed)} pairs" in packet.said[0]
    packet.of("leads_candidate")[str(listed[0].pk)]["cosine"] += 0.01
    script.templates(packet, tmp_path, settings.MODEL_DIR)
    assert len(packet.wrong) == 1
