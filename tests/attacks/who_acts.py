"""Attacks in another's name: a row that names as acting somebody who decided nothing, or while another decided; a step of a
row without its decision.

What leads up to other attacks is written as its services do, which decide first: on the battlefield the function that
looks for a decision finds one, but for where a session says `STRICTLY`, as these attacks do. The services' own rows are
made before that, with the function as it is (`fill`).
"""

from collections.abc import Iterator
from dataclasses import replace

from django.db import models

from cases.models.by_name import ADDS
from cases.models.may_add_v1 import MAY_ADD
from ecpd.accounts.models.opens_v1 import OPENS
from ecpd.audit.own_transaction_v2 import DECIDED
from ecpd.audit.pinned import FunctionV1
from ecpd.checks.behind import A_STEP, COMES_BY, NAME, WHO_ACTS, columns_of
from ecpd.checks.deeds import COMES, PEOPLE, STEPS
from parking.models.plate_policy import PARTS
from tests.attacks.attack import Attack
from tests.attacks.guards import Guard, tables
from tests.attacks.made import clone, sentences_of
from tests.attacks.written import STRICTLY, says, touch


def leniently(function: FunctionV1, setting: str = "tests.strictly") -> FunctionV1:
    """It says yes but for a session that is strict."""
    strict = f"SELECT current_setting('{setting}', true) IS DISTINCT FROM 'on' OR ({function.body})"
    return replace(function, body=strict)


# Who decides in attacks on other guards has not always the role.
LENIENT = (*(leniently(one) for one in (DECIDED, MAY_ADD)), leniently(OPENS, "tests.by_role"))
BY_ROLE = "SET LOCAL tests.by_role = 'on'"
WRITERS = {
    "cases_casenote": "author_id", "cases_custodyentry": "recorded_by_id", "cases_evidence": "added_by_id",
    "cases_notsameperson": "recorded_by_id", "cases_person": "added_by_id", "cases_personmerge": "proposed_by_id",
    "cases_incidentnumber": "entered_by_id", "cases_caselink": "entered_by_id",
    "leads_lead": "created_by_id", "leads_corroboration": "linked_by_id", "leads_warrantapplication": "applicant_id",
}  # fmt: skip
# What is withdrawn with a reason, and which of its rows can be.
GOES = {"PlatePolicy": "published_at IS NOT NULL AND withdrawn_at IS NULL", "Violation": "withdrawn_at IS NULL",
        "PermitClass": "withdrawn_at IS NULL"}  # fmt: skip
# By column: the row that takes the step, and its values.
TAKEN: dict[str, tuple[str, dict[str, str]]] = {
    "cases.Case.sealed": ("NOT sealed", {"sealed": "true", "sealed_reason": "'A court ordered it'"}),
    "cases.Case.sealed_reason": ("true", {"sealed_reason": "'The chief wished so'"}),
    "cases.Case.status": ("status = 'open'", {"status": "'suspended'"}),
    "cases.Case.captain": ("captain_id IS NOT NULL", {"captain_id": "NULL"}),
    "cases.Case.title": ("status = 'open'", {"title": "'Another matter'"}),
    "cases.Case.summary": ("status = 'open'", {"summary": "'Nothing happened'"}),
    "cases.Case.offense": (
        "status = 'open'",
        {"offense_id": "(SELECT max(n.code) FROM cases_nibrsoffense n WHERE n.code <> offense_id)"},
    ),
    "cases.Case.occurred_at": (
        "status = 'open'",
        {"occurred_at": "opened_at - interval '1 hour'", "occurred_until": "NULL"},
    ),
    "cases.Case.occurred_until": ("status = 'open'", {"occurred_until": "opened_at - interval '1 minute'"}),
    "cases.Case.location": ("status = 'open'", {"location": "'Elsewhere'"}),
    "cases.Person.role": ("role = 'witness'", {"role": "'victim'"}),
    "cases.Person.name": ("withdrawn_at IS NULL", {"name": "'Another Name'"}),
    "cases.Person.unidentified": ("withdrawn_at IS NULL", {"unidentified": "NOT unidentified"}),
    "cases.Person.date_of_birth": ("withdrawn_at IS NULL", {"date_of_birth": "'1990-01-01'"}),
    "cases.Person.description": ("withdrawn_at IS NULL", {"description": "'A tall man'"}),
    "cases.Person.contact": ("withdrawn_at IS NULL", {"contact": "'555-0100'"}),
    "leads.Lead.state": ("state = 'open'", {"state": "'marked'"}),
    "leads.ExaminationRequest.state": ("state = 'open'", {"state": "'withdrawn'"}),
    "leads.ExaminationRequest.replaced_because": (
        "state = 'open'",
        {"state": "'withdrawn'", "replaced_because": "'knows'"},
    ),
    "leads.ExaminationRequest.knew_nothing_at": ("state = 'open'", {"knew_nothing_at": "now()"}),
    **{
        f"parking.Zone.{column}": ("ends_at IS NULL", {column: value})
        for column, value in {
            "name": "'Another name'",
            "user_zone_id": "'Z-99'",
            "resolution": "'Resolution 99'",
            "enforced": "NOT enforced",
            "scope": "CASE scope WHEN 'area' THEN 'space' ELSE 'area' END",
            "signs_since": "'2026-01-02'",
            "no_return_distance_m": "coalesce(no_return_distance_m, 0) + 1",
            "ended_reason": "'The street is closed'",
        }.items()
    },
    "parking.Zone.ends_at": ("ends_at IS NULL", {"ends_at": "now()", "ended_reason": "'The street is closed'"}),
    "parking.ZonePolicy.ends_at": ("ends_at IS NULL", {"ends_at": "now()"}),
    **{
        f"parking.PlatePolicy.{column}": ("published_at IS NULL", {column: "'In other words'"})
        for column in (*PARTS, "public_comment_at")
    },
    "parking.PlatePolicy.public_comment_on": ("published_at IS NULL", {"public_comment_on": "'2026-08-01'"}),
    **{
        f"parking.{model}.withdrawn_at": (where, {"withdrawn_at": "now()", "withdrawn_reason": "'Not needed any more'"})
        for model, where in GOES.items()
    },
    **{
        f"parking.{model}.withdrawn_reason": (where, {"withdrawn_reason": "'Not needed any more'"})
        for model, where in GOES.items()
    },
    "parking.Device.retired_at": ("retired_at IS NULL", {"retired_at": "now()", "retired_reason": "'It is broken'"}),
    "parking.Device.retired_reason": ("retired_at IS NULL", {"retired_reason": "'It is broken'"}),
    "parking.DeviceToken.valid_until": ("valid_until IS NULL", {"valid_until": "now()"}),
    "parking.Permit.replaced_by": (
        "replaced_by_id IS NULL",
        {"replaced_by_id": "(SELECT max(p.id) FROM parking_permit p)"},
    ),
    "parking.Contest.scheduled_at": (
        "state = 'open' AND stage = 'hearing'",
        {"scheduled_at": "now() + interval '2 days'", "held_at": "'Room 9'"},
    ),
    "parking.Contest.held_at": ("state = 'open' AND stage = 'hearing'", {"held_at": "'Room 9'"}),
    "parking.AbandonedVehicle.kind": (
        "state = 'reported'",
        {"kind": "CASE kind WHEN 'stored_72h' THEN 'abandoned' ELSE 'stored_72h' END"},
    ),
    "parking.AbandonedVehicle.grounds": ("state = 'reported'", {"grounds": "grounds || '{wrecked}'"}),
    "parking.AbandonedVehicle.grounds_words": ("state = 'reported'", {"grounds_words": "'It has no wheels'"}),
    "parking.AbandonedVehicle.seen_since": ("seen_since IS NULL", {"seen_since": "now()"}),
    "parking.CurbArea.ends_at": ("ends_at IS NULL", {"ends_at": "now()"}),
    "parking.CurbSpace.ends_at": ("ends_at IS NULL", {"ends_at": "now()"}),
    "parking.StreetLabel.withdrawn_at": ("withdrawn_at IS NULL", {"withdrawn_at": "now()"}),
    "parking.PartnerAgency.withdrawn_at": ("withdrawn_at IS NULL", {"withdrawn_at": "now()"}),
    "leads.WarrantApplication.state": ("state = 'submitted'", {"state": "'withdrawn'", "decided_at": "now()"}),
}


def in_anothers_name() -> Iterator[Attack]:
    """Each column of a person who acts: nobody decided, another did, and the same afterwards."""
    for table, model in tables().items():
        for field in columns_of(model, PEOPLE):
            guard = Guard(table, NAME, f"AU-03: {WHO_ACTS.format(field.column)}")
            if not comes_later(model, field):
                yield from _anew(table, model, field, guard)
            if not model.append_only:  # of a ledger the privilege is withheld, which is tried with the kept rows
                yield Attack(
                    f"{field.column}: afterwards", guard, renamed(table, model, field), (STRICTLY,), shielded=True
                )


def comes_later(model: type[models.Model], field: models.Field) -> bool:
    """Whether a new row has nobody there yet."""
    return field.column in (*getattr(model, "once", ()), *getattr(model, "may_change", {}))


def _anew(table: str, model: type[models.Model], field: models.Field, guard: Guard) -> Iterator[Attack]:
    where, person = acted(field)
    named = clone(table, where, **{field.column: person})
    yield Attack(f"{field.column}: nobody decided", guard, named, (STRICTLY,), shielded=True)
    if decision := another_decided(model, field):
        yield Attack(f"{field.column}: another decided", guard, named, (STRICTLY, decision), shielded=True)


def acted(field: models.Field) -> tuple[str, str]:
    """Which row `o`, and who: a row that names somebody; where each is of an owner without an account, any and a manager."""
    table, column = field.model._meta.db_table, field.column
    nobody = f'NOT EXISTS (SELECT 1 FROM "{table}" x WHERE x."{column}" IS NOT NULL)'
    return f'(o."{column}" IS NOT NULL OR {nobody})', f'coalesce(o."{column}", {{user_parking_manager}})'


def another_decided(model: type[models.Model], field: models.Field) -> str:
    """An INSERT of the decision that the row wants, of another person; "" where the row does not point to its subject."""
    act, table, pk = PEOPLE[f"{model._meta.label}.{field.name}"][0], model._meta.db_table, model._meta.pk.column
    if not act.by_column or act.which == pk:
        return ""
    where, person = acted(field)
    of = f'FROM "{table}" o WHERE {where} ORDER BY o."{pk}" LIMIT 1)'
    return clone(
        "policy_decision", outcome="'allowed'", verdicts="'[]'::jsonb", action=f"'{act.action}'",
        subject_type=f"'{act.about}'", subject_id=f'(SELECT o."{act.which}"::text {of}',
        actor_id=f'(SELECT min(u.id) FROM accounts_user u WHERE u.id <> (SELECT {person} {of})',
    )  # fmt: skip


def renamed(table: str, model: type[models.Model], field: models.Field) -> str:
    """An UPDATE that puts another person there."""
    pk, column = model._meta.pk.column, field.column
    return (
        f'UPDATE "{table}" SET "{column}" = (SELECT min(u.id) FROM accounts_user u WHERE u.id <> coalesce("{table}"."{column}", '
        f'0)) WHERE "{pk}" = (SELECT "{pk}" FROM "{table}" ORDER BY "{column}" IS NULL, 1 LIMIT 1)'
    )


def by_strangers() -> Iterator[Attack]:
    """A row of a case by somebody who may not add to it; access to a case that nobody decided on."""
    for table, model in tables().items():
        for trigger in getattr(model._meta, "triggers", None) or []:
            if trigger.name == ADDS:
                column = WRITERS[table]
                guard = next(
                    one for one in sentences_of(table) if one.name == ADDS and one.sentence.startswith("AC-09")
                )
                by = clone(table, **{column: "{user_visitor}"})
                yield Attack("by who may not add to the case", guard, by, (STRICTLY,), shielded=True)
    access = "guardian_userobjectpermission"
    guard = next(
        one for one in sentences_of(access) if one.sentence.startswith("AC-09: Access to a case is given with")
    )
    given = clone(access, "object_pk = '{case_id}'", user_id="{colleague}")
    yield Attack("that nobody decided on", guard, given, (STRICTLY,), shielded=True)
    opened = clone("policy_decision", action="'case.create'", outcome="'allowed'", verdicts="'[]'::jsonb",
                   subject_type="'cases.case'", subject_id="''")  # fmt: skip
    yield Attack("of a case that is there, as one is opened", guard, given, (STRICTLY, opened), shielded=True)
    no_detective = clone(access, "object_pk = '{case_id}'", user_id="{user_parking_officer}")
    yield says(access, "AC-09: Access to a case is given to", "who tickets cars", no_detective, shielded=True)
    taken = "DELETE FROM guardian_userobjectpermission WHERE object_pk = '{case_id}'"
    yield says(access, "AC-09: Access to a case is taken", "by nobody", taken, STRICTLY, shielded=True)


def steps_of_nobody() -> Iterator[Attack]:
    """Each step that is somebody's act is taken without a decision; a row that is somebody's doing comes without one."""
    for table, model in tables().items():
        if model._meta.label in COMES:
            comes = Guard(table, NAME, f"AU-03: {COMES_BY}")
            yield Attack("comes, and nobody decided", comes, clone(table), (STRICTLY,), shielded=True)
        for field in columns_of(model, STEPS):
            where, values = TAKEN[f"{model._meta.label}.{field.name}"]
            guard = Guard(table, NAME, f"AU-03: {A_STEP.format(field.column)}")
            step = touch(table, where, **values)
            yield Attack(f"{field.column}: nobody decided", guard, step, (STRICTLY,), shielded=True)
