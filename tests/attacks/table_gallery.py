"""Attacks on the gallery: templates, photos, sources, opt-outs."""

from tests.attacks.made import clone
from tests.attacks.table_searches import ended
from tests.attacks.written import breaks, says, touch

TEMPLATE, PHOTO, OPT_OUT = "leads_facevector", "leads_galleryphoto", "leads_optout"
# A face that is in use and has no template yet, and one that has one.
FREE = (
    "(SELECT f.id FROM leads_galleryface f JOIN leads_galleryphoto p ON p.id = f.photo_id AND p.active WHERE NOT EXISTS "
    "(SELECT 1 FROM leads_facevector v WHERE v.face_id = f.id) ORDER BY f.id LIMIT 1)"
)
MEASURED = "(SELECT min(face_id) FROM leads_facevector)"


def template(**changes: str) -> str:
    """The template of a face that has none."""
    source = f"(SELECT p.source_id FROM leads_galleryphoto p JOIN leads_galleryface f ON f.photo_id = p.id WHERE f.id = {FREE})"
    model = f"(SELECT f.model_id FROM leads_galleryface f WHERE f.id = {FREE})"
    return clone(TEMPLATE, **({"face_id": FREE, "source_id": source, "model_id": model} | changes))


def opted_out(face: str) -> str:
    """An opt-out of the photo of a face, in force."""
    photo = f"(SELECT photo_id FROM leads_galleryface WHERE id = {face})"
    return clone(OPT_OUT, sha256=f"(SELECT sha256 FROM leads_galleryphoto WHERE id = {photo})", id="990001",
                 withdrawn_at="NULL", withdrawn_by_id="NULL", withdrawn_reason="''")  # fmt: skip


TAKEN_BACK = (
    "UPDATE leads_optout SET withdrawn_at = clock_timestamp(), withdrawn_by_id = recorded_by_id, "
    "withdrawn_reason = 'A mistake' WHERE id = 990001"
)
A_SEARCH = ended("state = 'queued' AND case_id = {case_id}")


def erased(opt_out: str) -> str:
    """A template made a tombstone under an opt-out."""
    return touch(TEMPLATE, embedding="NULL", active="false", erased_under_id=opt_out)


DONE = "state = 'done'"
SEARCH, REPLAY = "leads_searchrequest", "leads_searchreplay"


def replay(**changes: str) -> str:
    """A replay of a search, as the service keeps it."""
    values = {"search_id": f"(SELECT min(id) FROM {SEARCH} WHERE state = 'done')", "by_id": "{user_captain}", "at": "now()",
              "same": "true", "differs": "''", "decision_id": "(SELECT max(id) FROM policy_decision)"} | changes  # fmt: skip
    return f"INSERT INTO {REPLAY} ({', '.join(values)}) VALUES ({', '.join(values.values())})"


A_VIDEO = (
    "INSERT INTO cases_storedfile (id, sha256, size, media_type, created_at) VALUES "
    "(990001, '{sha}', 1, 'video/mp4', now())".replace("{sha}", "ab" * 32)
)


def file_of(media_type: str) -> str:
    """A file in the vault of this kind."""
    return f"(SELECT max(id) FROM cases_storedfile WHERE starts_with(media_type, '{media_type}'))"


ATTACKS = [
    says("cases_evidence", "FR-03: A photo or a still", "a video as a photo",
         clone("cases_evidence", kind="'photo'", number="9001", file_id="990001"), A_VIDEO, shielded=True),
    says("cases_evidence", "FR-03: A photo or a still", "a video as a still",
         clone("cases_evidence", kind="'still'", number="9001", file_id="990001"), A_VIDEO, shielded=True),
    says("cases_evidence", "FR-03: The file of an exhibit", "an exhibit before its file",
         clone("cases_evidence", kind="'photo'", number="9001", file_id="990001"), shielded=True),
    says("cases_evidence", "FR-03: A recording", "a picture as a video",
         clone("cases_evidence", kind="'clip'", number="9001", file_id=file_of("image/")), shielded=True),
    says("cases_evidence", "FR-03: A recording", "a picture as sound",
         clone("cases_evidence", kind="'audio'", number="9001", file_id=file_of("image/")), shielded=True),
    says(SEARCH, "FR-14: A search begins", "born with its result",
         clone(SEARCH, DONE, serial="90001", gallery_size="7"), shielded=True),
    *[
        says(SEARCH, "FR-14: A search that is over", f"{column} afterwards", touch(SEARCH, DONE, **{column: value}),
             shielded=True)
        for column, value in {
            "state": "'failed'", "gallery_size": "gallery_size + 1", "gallery_watermark": "gallery_watermark + 1",
            "sources": "'[]'", "model_id": "'another'", "mode": "'other'", "parameters": "'{\"a\": 1}'",
            "timings": "'{\"a\": 1}'", "stage_times": "'{\"a\": 1}'", "threshold": "threshold - 1",
            "above_bar": "above_bar + 1", "attempts": "attempts + 1", "error": "'It failed.'", "heartbeat_at": "now()",
            "finished_at": "finished_at - interval '1 hour'", "model_card_id": "NULL",
            "run_decision_id": "(SELECT max(id) FROM policy_decision)", "probe_embedding":
            "(SELECT array_agg(0.04 * (1 + n % 2))::halfvec(512) FROM generate_series(1, 512) n)",
        }.items()
    ],
    says(REPLAY, "FR-14: Only a search", "of a search without a result",
         replay(search_id=f"(SELECT min(id) FROM {SEARCH} WHERE state <> 'done')"), shielded=True),
    says(REPLAY, "FR-14: A replay says who", "by nobody", replay(by_id="NULL"), shielded=True),
    says(REPLAY, "FR-14: A replay says who", "under no decision", replay(decision_id="NULL"), shielded=True),
    breaks(REPLAY, "fr_14_replay_says_what_differs", "another list, and not a word", replay(same="false")),
    breaks(REPLAY, "fr_14_replay_says_what_differs", "the same list, and a difference", replay(differs="'Rank 1'")),
    *[
        says("leads_galleryphoto", "FR-05: A photo comes", title,
             clone("leads_galleryphoto", file_id="NULL", sha256="md5('a') || md5('photo')", batch_id=batch), *before,
             shielded=True)
        for title, batch, before in (
            ("of no import", "NULL", ()),
            ("of an import that is over", "(SELECT min(b.id) FROM leads_importbatch b WHERE b.state = 'done')", ()),
            ("of an import into another source", "990001",
             (clone("leads_importbatch", id="990001", source_id="{other_source}"),
              touch("leads_importbatch", "id = 990001", state="'running'"))),
        )
    ],
    says("leads_galleryface", "FR-05: A face comes", "another face on a photo that was there",
         clone("leads_galleryface", ordinal="99")),
    says(TEMPLATE, "FR-05: A template comes", "the probe's own template on a face that was there",
         template(embedding=f"(SELECT probe_embedding FROM {SEARCH} WHERE state = 'done' ORDER BY id LIMIT 1)")),
    says(TEMPLATE, "FR-06: A template begins", "born erased",
         template(embedding="NULL", active="false", erased_under_id="(SELECT min(id) FROM leads_optout)"), shielded=True),
    says(TEMPLATE, "FR-07: A template has the length", "twice as long", template(embedding="o.embedding + o.embedding"),
         shielded=True),
    says(TEMPLATE, "FR-05: A template has", "of another model than its face", template(model_id="'another'"),
         shielded=True),
    says(TEMPLATE, "FR-06: A template stays", "another person's measures", touch(TEMPLATE, embedding="embedding + embedding"),
         shielded=True),
    says(TEMPLATE, "FR-06: A template is erased", "under an opt-out of another photo",
         erased("(SELECT o.id FROM leads_optout o ORDER BY 1 LIMIT 1)"), shielded=True),
    says(TEMPLATE, "FR-06: A template is erased", "under a withdrawn opt-out", erased("990001"),
         opted_out(MEASURED), TAKEN_BACK, shielded=True),
    says(TEMPLATE, "FR-06: A search record", "what a case needs is erased", erased("990001"), opted_out(MEASURED),
         shielded=True),
    says(TEMPLATE, "FR-06: The person in this photo", "measured after the opt-out", template(), opted_out(FREE),
         shielded=True),
    says(TEMPLATE, "FR-05: The source of this face", "measured after the source was withdrawn", template(),
         "UPDATE leads_gallerysource SET withdrawn_at = now(), withdrawn_by_id = added_by_id, withdrawn_reason = 'Its terms' "
         "WHERE withdrawn_at IS NULL", shielded=True),
    says(TEMPLATE, "FR-05: A face is searched", "hidden from searches", touch(TEMPLATE, "active", active="false")),
    breaks(TEMPLATE, "fr_06_tombstone", "a template that names an opt-out",
           touch(TEMPLATE, erased_under_id="(SELECT min(id) FROM leads_optout)")),
    says(PHOTO, "FR-06: A photo goes", "hidden from searches", touch(PHOTO, "active", active="false"), shielded=True),
    breaks("leads_gallerysource", "fr_05_source_withdrawn_reason", "withdrawn by nobody",
           touch("leads_gallerysource", "withdrawn_at IS NULL", withdrawn_at="now()")),
    says(OPT_OUT, "FR-06: A search ran", "taken back once a search was done without it", TAKEN_BACK, opted_out(MEASURED),
         A_SEARCH),
    breaks(OPT_OUT, "fr_06_opt_out_withdrawn_reason", "withdrawn by nobody",
           touch(OPT_OUT, "withdrawn_at IS NULL", withdrawn_at="now()")),
]  # fmt: skip
