"""The permission matrix: which role may start which action. The only place that says so (AC-08).

A role opens the door; the rules of the policy manual decide whether one walks through it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from django.db import models


class Role(models.TextChoices):
    """The roles of the department; each is a Django group of the same name."""

    INVESTIGATOR = "investigator", "Investigator"
    CAPTAIN = "captain", "Captain"
    CHIEF = "chief", "Chief"
    AUDITOR = "auditor", "Auditor"
    PARKING_OFFICER = "parking_officer", "Parking officer"
    PARKING_MANAGER = "parking_manager", "Parking manager"
    HEARING_EXAMINER = "hearing_examiner", "Hearing examiner"
    DRONE_PILOT = "drone_pilot", "Drone pilot"
    ADMINISTRATOR = "administrator", "Administrator"
    GUEST_EXAMINER = "guest_examiner", "Guest examiner"
    GUEST_CAPTAIN = "guest_captain", "Guest captain"


@dataclass(frozen=True)
class Action:
    """Something that can be asked of the policy door, in words, and who may ask."""

    words: str
    roles: frozenset[str]


def _by(words: str, *roles: Role) -> Action:
    return Action(words, frozenset(roles))


I, C, F, A, ADMIN = Role.INVESTIGATOR, Role.CAPTAIN, Role.CHIEF, Role.AUDITOR, Role.ADMINISTRATOR  # noqa: E741 short names make the table readable
P, M, H = Role.PARKING_OFFICER, Role.PARKING_MANAGER, Role.HEARING_EXAMINER

ACTIONS: dict[str, Action] = {
    # Cases
    "case.create": _by("open a case", I, C),
    "case.view": _by("look at a case", I, C, F, A),
    "case.contribute": _by("add to a case", I, C),
    "case.manage": _by("change a case, its people and who works on it", I, C),
    "case.seal": _by("seal or unseal a case", C, F),
    "case.close": _by("close or reopen a case", I, C),
    "case.assign": _by("assign investigators", C),
    "case.accept": _by("accept or refuse a case in which its opener searches", C),
    "case.tie": _by("say which cases are one matter", I, C),
    "case.untie": _by("take back that cases are one matter", C),
    "case.export": _by("export cases", I, C, F, A),
    "evidence.add": _by("add evidence", I, C),
    "evidence.withdraw": _by("withdraw evidence", I, C),
    "evidence.hand_over": _by("record a hand-over of evidence", I, C),
    "evidence.download": _by("download an original file", I, C, A),
    "person.merge.propose": _by("propose that two people are one", I, C),
    "person.merge.decide": _by("decide on or undo a merge", I, C),
    # Gallery
    "gallery.add_source": _by("add a gallery source", C, F),
    "gallery.import": _by("import gallery photos", C, F),
    "gallery.view": _by("look at gallery sources and imports", I, C, F, A),
    "gallery.opt_out": _by("record an opt-out", C, F),
    # Face search
    "search.request": _by("request a face search", I),
    "search.cancel": _by("cancel a face search", I),
    "search.run": _by("run a requested search", I),
    "search.replay": _by("replay a search", I, C),
    "search.view": _by("look at a search and its candidates", I, C, F, A),
    "candidates.view": _by("look at the list of a search: ranks, scores, names", I, C, F, A),
    "candidates.open": _by("open the list of a search before its faces are compared", I),
    "search.export": _by("export the search log", C, F, A),
    "review.assign": _by("have a second examiner drawn", I, C),
    "review.answer": _by("say whether a case is known", I),
    "review.conclude": _by("record an examination", I),
    "card.keep": _by("keep a model card", ADMIN),
    # Leads and warrants
    "lead.promote": _by("make a lead of a candidate", I),
    "lead.view": _by("look at a lead", I, C, F, A),
    "lead.clear": _by("clear a lead", I, C),
    "lead.sign_off": _by("sign off on a lead as a third person", C),
    "lead.allow_purpose": _by("say why a face searched for as no suspect has a way to a warrant", C),
    "corroboration.link": _by("link evidence to a lead", I),
    "corroboration.verify": _by("verify linked evidence", I, C),
    "corroboration.withdraw": _by("withdraw linked evidence", I),
    "lineup.open": _by("use a photo line-up for a lead", I),
    "exculpatory.add": _by("enter what speaks against a lead", I, C, F),
    "exculpatory.answer": _by("answer what speaks against a lead", I),
    "identity.enter": _by("say who the person of a lead is", I),
    "identity.answer": _by("check or dispute who the person of a lead is", I, C, F),
    "lead.mark_for_warrant": _by("mark a lead for warrant", I),
    "warrant.apply": _by("apply for a warrant", I),
    "warrant.withdraw": _by("withdraw an application", I),
    "warrant.approve": _by("approve a warrant application", C, F),
    "warrant.deny": _by("deny a warrant application", C, F),
    "warrant.view": _by("look at a warrant application", I, C, F, A),
    "warrant.packet": _by("print the packet", I, C, F, A),
    "warrant.step": _by("record what became of an approved application", I, C),
    "warrant.recall": _by("recall an approval", I, C, F),
    # Parking: zones, readers, reads
    "zone.view": _by("look at parking zones", P, M, C, F, A),
    "zone.change": _by("draw, change and import parking zones", M),
    "device.manage": _by("register readers and renew their tokens", M),
    "device.view": _by("look at readers", P, M, C, F, A),
    "read.ingest": _by("take in plate reads", M),
    "plate_policy.draft": _by("draft the plate usage policy", M, C),
    "plate_policy.publish": _by("publish the plate usage policy", F),
    "plate_policy.withdraw": _by("withdraw the plate usage policy", F),
    # Parking: plate data
    "plate.query": _by("look up plate data", P, M, I, C),
    "plate.export": _by("export plate data", M, C),
    "plate.share": _by("share plate data with an agency", C, F),
    "plate.partner": _by("enter an agency that may ask for plate data", C, F),
    "plate.hold": _by("hold plate data, or release a hold", M, C, I),
    "plate.purge": _by("delete plate data that is due", M),
    # Parking: alerts and citations
    "alert.raise": _by("raise an alert from reads", M),
    "alert.view": _by("look at alerts", P, M, A),
    "alert.confirm": _by("confirm an alert", P, M),
    "alert.dismiss": _by("dismiss an alert", P, M),
    "citation.issue": _by("issue a citation", P, M),
    "citation.attach": _by("confirm that a citation is attached to the vehicle", P, M),
    "citation.view": _by("look at citations", P, M, H, C, F, A),
    "citation.void": _by("void a citation", M, C),
    "citation.payment": _by("record payments and export citations", M),
    "citation.plan": _by("grant a payment plan or a reduction", M),
    "citation.hold": _by("pause or resume collection of a citation", M),
    "contest.file": _by("enter a contest", P, M, H),
    "contest.withdraw": _by("note that an owner takes a contest back", M),
    "contest.review": _by("decide an initial review", M),
    "contest.schedule": _by("set the day of a hearing", M, H),
    "contest.hear": _by("decide a hearing", H),
    "contest.court": _by("enter a court's decision", M, H),
    "violation.change": _by("change the table of violations", M),
    # Parking: permits, exemptions
    "permit.view": _by("look at permits", P, M, C, F, A),
    "permit.decide": _by("approve or deny a permit", M),
    "permit.enter": _by("enter a permit application at the counter", P, M),
    "permit.change": _by("change a permit's plates or replace it", M),
    "permit.set_up": _by("change permit classes and prices", M),
    "exemption.change": _by("change fleet and exempt lists", M),
    # Parking: hotlists, abandoned vehicles, towing
    "hotlist.view": _by("look at hotlists", P, M, C, F, A),
    "hotlist.change": _by("change hotlists", M, C),
    "abandoned.view": _by("look at abandoned vehicles", P, M, C, F, A),
    "abandoned.mark": _by("mark a vehicle and look again", P, M),
    "tow.order": _by("order a tow", P, M),
    "tow.notice": _by("record a tow's notices", P, M),
    "tow.hear": _by("hold a tow hearing", H, C),
    "parking.report": _by("read parking figures", M, C, F, A),
    # Policy, audit, accounts
    "amendment.propose": _by("propose a change of the manual", I, C, F),
    "amendment.decide": _by("approve or reject a change of the manual", F),
    "audit.view": _by("read the audit chain", A),
    "audit.verify": _by("verify the audit chain", A),
    "audit.export": _by("export audit records", A),
    "account.manage": _by("manage accounts", ADMIN),
    "token.make": _by("make an API token of one's own", *(role for role in Role if not role.startswith("guest"))),
    "token.revoke": _by("revoke an API token", *(role for role in Role if not role.startswith("guest"))),
    "factor.remove": _by("take away a second factor of one's own", *Role),
    "password.set": _by("set one's own password", *Role),
    "certificate.issue": _by("issue a training certificate", ADMIN, F),
    "certificate.suspend": _by("suspend a training certificate", ADMIN, F),
}

# AC-10: an account stands on one of these sides only; a guest of a partner agency has no other role at all.
SIDES: tuple[frozenset[Role], ...] = (frozenset({ADMIN}), frozenset({A}), frozenset({C, F}), frozenset({I}))
GUESTS = (Role.GUEST_EXAMINER, Role.GUEST_CAPTAIN)
# Django's is_staff follows from these by itself (a trigger of User.groups' table); the admin site asks the role.
STAFF = frozenset({A, ADMIN})

# Actions that change nothing but the record of who looked; the others write.
READING = frozenset(
    name for name in ACTIONS if name.rpartition(".")[2] in {"view", "export", "download", "packet", "report", "query"}
)

# What no token starts: who holds a key shall not make further ones, nor accounts, nor change the manual.
OWN_HANDS = frozenset(
    {"token.make", "token.revoke", "account.manage", "factor.remove", "password.set", "certificate.issue", "certificate.suspend",
     "amendment.propose", "amendment.decide"}
)  # fmt: skip

# Roles that read every case that is not sealed; the others see the cases they are assigned to.
READS_ALL_CASES = frozenset({Role.CAPTAIN, Role.CHIEF, Role.AUDITOR})
# AU-02: the auditor reads sealed cases too, and changes nothing.
READS_SEALED_CASES = frozenset({Role.AUDITOR})
# FR-02: a result that is veiled is for these alone.
READS_VEILED_RESULTS = frozenset({Role.AUDITOR})


def may(role_names: frozenset[str], action: str) -> bool:
    """Whether any of these roles opens this action. Raises KeyError for an action the table does not name."""
    return bool(ACTIONS[action].roles & role_names)


def exclude(one: str, other: str) -> bool:
    """Whether AC-10 keeps these two roles apart."""
    if one == other:
        return False
    if one in GUESTS or other in GUESTS:
        return True
    sides = [index for role in (one, other) for index, side in enumerate(SIDES) if role in side]
    return len(set(sides)) > 1


def conflict(role_names: Iterable[str]) -> tuple[Role, Role] | None:
    """The first two of these roles that exclude each other (AC-10), in the table's order, or None."""
    names = set(role_names)
    held = [role for role in Role if role in names]
    return next(((one, other) for one, other in combinations(held, 2) if exclude(one, other)), None)


def seed() -> None:
    """Create the groups and the table of what each opens (idempotent). They are the owner's: others only read them."""
    from django.contrib.auth.models import Group

    for role in Role:
        Group.objects.get_or_create(name=role.value)
    _write_table()


def _write_table() -> None:
    """The table above, as the database reads it."""
    from django.db import connection

    from ecpd.accounts.models import RoleAct

    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(to_regclass('public.accounts_roleact'), 'INSERT')")
        if not cursor.fetchone()[0]:  # NULL while a migration has not made the table yet; false for the application
            return
    wanted = {(name, str(role)) for name, action in ACTIONS.items() for role in action.roles}
    found = {(row.action, row.role): row.pk for row in RoleAct.objects.all()}
    RoleAct.objects.filter(pk__in=[key for pair, key in found.items() if pair not in wanted]).delete()
    RoleAct.objects.bulk_create(RoleAct(action=name, role=role) for name, role in sorted(wanted - found.keys()))
