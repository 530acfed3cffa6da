"""One case from the probe to an application, and one account of every role: what the addresses of the matrix lead to."""

from dataclasses import replace
from typing import Any

from auditlog.models import LogEntry
from django.db import transaction
from django.utils import timezone

from cases.models import CaseAssignment
from cases.services import matter
from cases.services.case import open_case
from cases.services.person import add_person, propose_merge
from ecpd.accounts import api_tokens, rehearsal
from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from ecpd.audit.models import AuditEvent, ChainHead, Conduct
from ecpd.policy import engine as policy
from ecpd.policy.models import Decision
from ecpd.policy.services import propose_amendment
from leads.models import (
    Candidate,
    GalleryPhoto,
    GallerySource,
    ImportBatch,
    Lead,
    ModelCard,
    SearchReplay,
    SearchRequest,
    WarrantDecision,
)
from leads.selectors.dark import dark_searches
from leads.services import corroboration, exculpatory, identity, warrant
from leads.services import gallery as gallery_services
from leads.services import lead as lead_services
from leads.services.self_opened import accept_case
from tests.factories import leads as make
from tests.factories.measured import pattern
from tests.factories.people import certify, make_user
from tests.sealing import check, failed_stamp

OUTSIDER = "outsider"  # an investigator with a certificate who is on no case
ANONYMOUS = "anonymous"
VISITOR = "visitor"  # a captain who is on no case; not a column of the matrix, asked where a case is sealed
ROLES = tuple(role.value for role in Role)
PEOPLE = (*ROLES, OUTSIDER, ANONYMOUS)
FACE = {"ordinal": 0, "letter": "A", "box": [0, 0, 80, 80], "landmarks": [], "score": 1.0,
        "quality": make.quality()}  # fmt: skip


class Names(dict[str, Any]):
    """What {name} is in a row: each table adds its own. Raises ValueError for a name that stands already."""

    def __ior__(self, more: dict[str, Any]) -> "Names":
        if twice := self.keys() & more.keys():
            raise ValueError(f"Two tables name {', '.join(sorted(twice))}.")
        self.update(more)
        return self


class World:
    """`users`: an account for each of PEOPLE but the anonymous, and the visitor's. `names`: what {name} is in a row."""

    def __init__(self) -> None:
        self.agency = make.agency()
        self.users: dict[str, User] = self._users()
        self.names = Names(today=timezone.localdate().isoformat(), now=timezone.now().isoformat())
        self._case()
        self._searches()
        self._self_opened()
        self._leads()
        self._lists()
        self._gallery()
        self._policy()
        self._accounts()
        self.names["minute"] = timezone.localtime().strftime("%Y-%m-%dT%H:%M:%S")

    def _users(self) -> dict[str, User]:
        made = self.agency
        users = {
            Role.INVESTIGATOR: made.okafor, Role.CAPTAIN: made.marsh, Role.CHIEF: made.chief,
            Role.AUDITOR: made.auditor, Role.ADMINISTRATOR: made.administrator,
            OUTSIDER: make_user(Role.INVESTIGATOR, last_name="Quill"),
        }  # fmt: skip
        certify(users[OUTSIDER], made.administrator)
        everybody = {name: users.get(name) or make_user(Role(name)) for name in (*ROLES, OUTSIDER)}
        return everybody | {VISITOR: make_user(Role.CAPTAIN, last_name="Quist")}

    def _case(self) -> None:
        """An exhibit with a face on it, two people who may be one, a colleague at work."""
        made, case = self.agency, self.agency.case
        exhibit = make.exhibit(made)
        make.faces_found(exhibit, [FACE], width=80, height=80)
        names = ("Ann Ostrander", "Anne Ostrander", "A. Ostrander")
        person, other, third = (add_person(case=case, actor=made.okafor, role="witness", name=name) for name in names)
        merge = propose_merge(keep=person, duplicate=other, actor=made.raman, reason="The same address and birthday")
        linked, other_one = (
            open_case(actor=made.aldana, title=title, offense=case.offense, captain=made.marsh)
            for title in ("The same night", "An hour later")
        )
        tie = matter.link(case=linked, other=other_one, actor=made.marsh, why="The same night and the same cap")
        self.names |= {"linked": linked.case_number, "tie": tie.pk, "incident": case.incident_numbers.get().pk}
        assignment, custody = CaseAssignment.objects.get(case=case, user=made.raman), exhibit.custody.get()
        self.names |= {"case": case.case_number, "case_id": case.pk, "offense": case.offense_id,
                       "exhibit": exhibit.number, "exhibit_id": exhibit.pk, "custody": custody.pk,
                       "holder": custody.to_party, "person": person.pk, "third": third.pk, "merge": merge.pk,
                       "assignment": assignment.pk, "colleague": made.aldana.pk}  # fmt: skip

    def _searches(self) -> None:
        """One that waits; five that are done: a list opened, kept, compared by one, by both, a second examiner is asked."""
        made = self.agency
        waiting = make.requested(made)
        fresh, dark, first, agreed, blind = (self._found() for _ in range(5))
        for found in (first, agreed, blind):
            make.examined(found, made.okafor, 1)
        make.examined(agreed, made.aldana, 2)
        asked = make.opened_blind(make.drawn(blind, self.users[OUTSIDER]))
        make.open_list(fresh.search, made.okafor)
        with policy.door(made.okafor, "search.replay", fresh.search) as decision:
            replay = SearchReplay.objects.create(search=fresh.search, by=made.okafor, same=True, decision=decision)
        self.names |= {"search_replay": replay.pk}
        self.names |= {"lagging": self._one_of_two().pk}
        self.names |= {"waiting": waiting.number, "dark": dark.search.number, "search": fresh.search.number,
                       "search_id": fresh.search.pk,
                       "first": first.search.number, "agreed": agreed.search.number, "asked": asked.pk,
                       "candidate": fresh.pk, "examination": agreed.examinations.first().pk}  # fmt: skip

    def _found(self) -> Candidate:
        return make.candidate(self.agency, search=make.requested(self.agency))

    def _one_of_two(self) -> Candidate:
        """Both have compared it; for the other one of its list, which the first has compared, nobody is drawn."""
        made, before = self.agency, self._found()
        search = make.requested(made)
        with transaction.atomic():
            best = make.listed(search, make.gallery_face(made), score=99.9, like=before.search)
        other = make.listed(search, before.face, rank=2)
        make.finish(search, like=before.search)
        for found in (best, other):
            make.examined(found, made.okafor, 1)
        make.examined(best, made.aldana, 2)
        return best

    def _leads(self) -> None:
        """One with everything still to do, one that may be marked, one that is, one applied for, one that was denied."""
        made = self.agency
        lead, ready, marked, applied, denied = (make.made_lead(made) for _ in range(5))
        exhibit = make.exhibit(made, kind="fingerprint", title="Lift")
        item = corroboration.link(
            lead=lead, actor=made.raman, evidence=exhibit, kind="fingerprint", details=make.FINGERPRINT,
            ties_by="Found on the drawer", because_of="no", rests_on_face="no", independence="Found the same night",
        )  # fmt: skip
        entry = exculpatory.enter(lead=lead, actor=made.raman, kind="alibi", what="At work, says the employer")
        exculpatory.enter(lead=denied, actor=made.raman, kind="alibi", what="At home, says a neighbor")
        own = make.linked(made, lead)
        for other in (ready, marked, applied, denied):
            make.verified(made, make.linked(made, other))
        for other in (ready, marked, applied, denied):
            self._answer_everything(other)
        for other in (marked, applied, denied):
            lead_services.mark_for_warrant(lead=other, actor=made.okafor)
        application = self._apply(applied)
        verdict = self._denied(denied)
        denied.refresh_from_db()
        witness = self._searched_for_as_a_witness(lead)
        self._searched_for_as_a_witness(denied)
        exculpatory.enter_from_records(denied)
        excepted = lead_services.allow_purpose(
            lead=denied, actor=made.marsh, reason="The clerk took him for a customer."
        )
        known = identity.enter(lead=lead, actor=made.okafor, evidence=make.exhibit(made, kind="document", title="Booking card"),
                               name="Devin A. Harrow", how="The card has this name under the same print.")  # fmt: skip
        agreed = identity.answer(identity=known, actor=made.raman, outcome="agrees", reason="Read the card.")
        self.names |= {"identity": known.pk, "identity_answer": agreed.pk}
        signed = lead_services.sign_off(lead=denied, actor=self.users[VISITOR], reason="Looked at both.")
        lift = make.exhibit(made, kind="fingerprint", title="Another lift")
        self.names |= {"lift_id": lift.pk}
        self.names |= {"lead": lead.number, "lead_id": lead.pk, "item": item.pk, "own": own.pk, "entry": entry.pk,
                       "ready": ready.number, "marked": marked.number, "application": application.number,
                       "application_id": application.pk, "verdict": verdict.pk, "reading": verdict.packet_reading_id,
                       "sealed": verdict.application.after.get().pk,
                       "signed": signed.pk, "excepted": excepted.pk, "witness": witness.number}  # fmt: skip

    def _self_opened(self) -> None:
        """Cases that who searched in them opened: two wait for a captain's word, one was refused and its results veiled."""
        made = self.agency
        own, late, refused = (
            replace(made, case=open_case(actor=made.okafor, title=title, captain=made.marsh, offense=made.case.offense,
                                         incident_number=number))
            for title, number in (("A bicycle", "26-014997"), ("Another day", "26-014996"), ("A car", "26-014998"))
        )  # fmt: skip

        def waiting(people: make.Agency, number: int) -> SearchRequest:
            return make.requested(people, probe=make.exhibit(people, file=pattern(number)))

        def of(people: make.Agency, number: int) -> Candidate:
            return make.candidate(people, search=waiting(people, number))

        waiting(own, 2), waiting(late, 4)
        found, once, refused_once, refused_new = of(own, 1), of(own, 5), of(refused, 3), of(refused, 6)
        make.examined(found, made.okafor, 1)
        make.examined(found, made.aldana, 2)
        make.examined(once, made.okafor, 1)
        make.examined(refused_once, made.okafor, 1)
        answer = accept_case(
            case=refused.case, actor=made.marsh, accepted=False, reason="Dispatch knows of no such call."
        )
        self.names |= {"own_case": own.case.case_number, "own_case_id": own.case.pk, "own_candidate": found.pk,
                       "own_search": found.search_id, "own_once": once.pk, "own_once_search": once.search_id,
                       "late_case_id": late.case.pk, "refused_case_id": refused.case.pk,
                       "refused_once": refused_once.pk, "refused_new": refused_new.pk,
                       "acceptance": answer.pk, "veil": refused_once.search.veil.pk}  # fmt: skip

    def _lists(self) -> None:
        """The lists that nobody compared are open to who works on the case, but for one that is kept from him."""
        for search in dark_searches(self.agency.okafor).exclude(number=self.names["dark"]).order_by("pk"):
            make.open_list(search, self.agency.okafor)

    def _searched_for_as_a_witness(self, lead: Lead) -> SearchRequest:
        """Another search for the face of its probe, with another purpose."""
        search = make.requested(self.agency, purpose="witness", offense=None)
        make.listed(search, lead.candidate.face)
        make.finish(search, like=lead.candidate.search)
        return search

    def _apply(self, lead: Lead):
        made = self.agency
        application = warrant.apply_for_warrant(lead=lead, actor=made.okafor, statement="A lift.", does_not_fit="None")
        self._answer_everything(lead)
        return application

    def _denied(self, lead: Lead) -> WarrantDecision:
        """The captain's decision on another application."""
        application = self._apply(lead)
        warrant.open_packet(application=application, actor=self.agency.marsh)
        warrant.decide(application=application, actor=self.agency.marsh, approve=False, read_packet=True,
                       reasons="One lift is not enough.")  # fmt: skip
        return application.decisions.get()

    def _answer_everything(self, lead: Lead) -> None:
        for entry in lead.exculpatory.filter(answers=None):
            exculpatory.answer(entry=entry, actor=self.agency.okafor, outcome="explained", text="It is the light.")

    def _gallery(self) -> None:
        """A source with photos, an import that is over, an opt-out, a model card."""
        source, photo = GallerySource.objects.get(), GalleryPhoto.objects.first()
        batch = gallery_services.request_import(source=source, label="stock", actor=self.agency.marsh)
        ImportBatch.objects.filter(pk=batch.pk).update(state="done", finished_at=timezone.now())
        opt_out = gallery_services.record_opt_out(
            actor=self.agency.chief, sha256="a" * 64, received_on=timezone.localdate(), reason="By letter"
        )
        self.names |= {"source": source.pk, "photo": photo.pk, "batch": batch.pk, "card": ModelCard.objects.first().pk,
                       "opt_out": opt_out.pk}  # fmt: skip

    def _policy(self) -> None:
        """A proposal of the captain, a decision about the investigator, a chain that was verified."""
        amendment = propose_amendment(
            actor=self.agency.marsh, changes={"match_score_min": 97}, effective_on=timezone.localdate(),
            reason="Three leads between 95 and 97 were wrong.",
        )  # fmt: skip
        made = check(started_by=self.agency.auditor)
        decision = Decision.objects.filter(actor=self.agency.okafor).first()
        self.names |= {"amendment": amendment.pk, "decision": decision.pk, "version": decision.manual_version_id,
                       "check": made.pk, "stamp": failed_stamp().pk, "head": ChainHead.objects.first().pk,
                       "event": AuditEvent.objects.last().pk,
                       "act": Conduct.objects.last().pk, "change": LogEntry.objects.first().pk}  # fmt: skip

    def _accounts(self) -> None:
        """A colleague's account and certificate, for who keeps accounts."""
        raman = self.agency.raman
        rehearsal.app_of(raman)
        token, _ = api_tokens.make_token(owner=raman, name="Records export", scope="read", days=30)
        self.names |= {"account": raman.pk, "certificate": raman.certificates.get().pk, "api_token": token.pk,
                       "factor_added": raman.factors_added.first().pk}  # fmt: skip
