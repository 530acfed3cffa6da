"""Reads of examinations: who can still be blind, whom to ask."""

from collections.abc import Collection
from enum import IntEnum

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from cases.access import can
from cases.models import Case, CaseAccess, CaseAssignment, Evidence
from cases.models.by_name import EVER_NAMED
from ecpd.accounts.models import TrainingCertificate, User
from ecpd.accounts.roles import Role
from ecpd.audit.models import Conduct
from ecpd.policy.models import Decision
from leads.models import Candidate, Examination, ExaminationRequest, SearchRequest
from leads.selectors.history import candidates_of_the_face, matter_of

LOOKS = ("search.view", "lead.view", "warrant.view", "warrant.packet")


class NotBlind(IntEnum):
    """Why somebody cannot examine a face blind (FR-08), in the order in which it is told."""

    REQUESTED = 1
    EXAMINED = 2
    SHOWN = 3
    KNOWS = 4
    LOOKED = 5
    HAD_TO_DO = 6
    SAID_SO = 7
    REPLACED = 8
    UNTOLD = 9  # one of the above, in sealed cases alone that the reader may not see

    @property
    def words(self) -> str:
        """What goes behind a name."""
        return {
            NotBlind.REQUESTED: "requested a search of this matter or examined this candidate first",
            NotBlind.EXAMINED: "examined this face under another search of this matter and cannot be blind",
            NotBlind.SHOWN: "was shown this face under another search of this matter and cannot be blind",
            NotBlind.KNOWS: "is or was on this case, or on another of its matter, and knows it",
            NotBlind.LOOKED: "has seen what a search of this matter found and cannot be blind",
            NotBlind.HAD_TO_DO: "opened a case of this matter, added to it or looked at it, and cannot be blind",
            NotBlind.SAID_SO: "was drawn before and knows something of this matter",
            NotBlind.REPLACED: "was drawn before for this candidate and replaced",
            NotBlind.UNTOLD: "cannot be drawn",
        }[self]

    @property
    def told(self) -> str:
        """The same, to whom it is about."""
        return {
            NotBlind.KNOWS: "You are or were on this case, or on another of its matter, and know it.",
            NotBlind.LOOKED: "You have seen what a search of this matter found and cannot be blind.",
        }.get(self, f"You {self.words}.")


BEFORE_ASKED = (NotBlind.SHOWN, NotBlind.HAD_TO_DO)  # what is asked of who is to be drawn, and not of who was


def blind_cases(user) -> QuerySet[Case, int]:
    """The ids of the cases of which a person is to know nothing for now: asked for a blind examination, not answered.

    Those of the whole matter: what follows from a search names the first examiner's conclusion in many places, other leads,
    packets, the timeline.
    """
    asked = RawSQL(
        "SELECT public.ecpd_matter(s.case_id) FROM leads_examinationrequest r JOIN leads_candidate c "
        "ON c.id = r.candidate_id JOIN leads_searchrequest s ON s.id = c.search_id "
        "WHERE r.examiner_id = %s AND r.state = 'open'",
        [user.pk],
    )
    return Case.objects.filter(pk__in=asked).order_by().values_list("pk", flat=True)


def why_not_blind(
    candidate: Candidate, people: Collection[int], *, but_for: Collection[NotBlind] = (), reader: User | None = None
) -> dict[int, NotBlind]:
    """Why those of these people (keys) who cannot be blind to a candidate cannot: the first reason that holds, by key.

    As `leads.models.not_blind` has it for the database. `but_for`: reasons that are not asked for. `reader`: to whom it is
    told; where a sealed case that he may not see is of the matter, he is told of nobody why: whoever else had no reason of
    this case would be known to work on that one (AC-04).
    """
    matter = matter_of(candidate.search.case_id)
    why = _first_reasons(candidate, people, matter, but_for)
    hidden = _hidden(matter - {candidate.search.case_id}, reader) if reader and why else set()
    return dict.fromkeys(why, NotBlind.UNTOLD) if hidden else why


def _hidden(cases: Collection[int], reader: User) -> set[int]:
    sealed = Case.objects.filter(pk__in=cases, sealed=True)
    return {case.pk for case in sealed if not can(reader, case, "view")}


def _first_reasons(
    candidate: Candidate, people: Collection[int], matter: set[int], but_for: Collection[NotBlind]
) -> dict[int, NotBlind]:
    rows = [_say(why, found, who) for why, found, who in _reasons(candidate, people, matter) if why not in but_for]
    first: dict[int, NotBlind] = {}
    for person, why in sorted(rows[0].union(*rows[1:]), key=lambda row: row[1]):
        first.setdefault(person, NotBlind(why))
    return {person: first[person] for person in people if person in first}


def _reasons(candidate: Candidate, people: Collection[int], of_cases: set[int]) -> list[tuple[NotBlind, QuerySet, str]]:
    """Each reason with the rows it is in and the column that says of whom, by these cases of its matter."""
    matter, the_face = sorted(of_cases), candidates_of_the_face(candidate) - {candidate.pk}
    cases = Case.objects.filter(pk__in=matter)
    under_another = Q(candidate__in=the_face, candidate__search__case__in=matter)
    numbers = list(cases.values_list("case_number", flat=True))
    allowed = Decision.objects.filter(outcome=Decision.Outcome.ALLOWED, case_number__in=numbers)
    shown = Q(state=ExaminationRequest.State.OPEN) | Q(pk__in=_opened())
    replaced = ExaminationRequest.objects.exclude(replaced_because="")
    return [
        (NotBlind.REQUESTED, SearchRequest.objects.filter(case__in=matter), "requested_by"),
        (NotBlind.REQUESTED, Examination.objects.filter(candidate=candidate), "examiner"),
        (NotBlind.EXAMINED, Examination.objects.filter(under_another), "examiner"),
        (NotBlind.SHOWN, ExaminationRequest.objects.filter(under_another).filter(shown), "examiner"),
        (NotBlind.KNOWS, who_knows(matter, people), "pk"),
        (NotBlind.LOOKED, allowed.filter(action__in=LOOKS), "actor"),
        (NotBlind.HAD_TO_DO, cases, "opened_by"),
        (NotBlind.HAD_TO_DO, Evidence.objects.filter(case__in=matter), "added_by"),
        (NotBlind.HAD_TO_DO, allowed.exclude(action__startswith="review."), "actor"),
        (NotBlind.SAID_SO, replaced.filter(candidate__search__case__in=matter, replaced_because="knows"), "examiner"),
        (NotBlind.REPLACED, replaced.filter(candidate=candidate), "examiner"),
    ]


def _say(why: NotBlind, rows: QuerySet, column: str) -> QuerySet:
    return rows.order_by().annotate(who=F(column), why=Value(why.value)).values_list("who", "why")


def _opened() -> QuerySet:
    """The keys of the requests for a second examination that somebody who was asked has opened."""
    kind = ExaminationRequest._meta.label_lower
    opened = Conduct.objects.filter(action="examination.opened", subject_type=kind, actor=OuterRef("examiner"))
    return ExaminationRequest.objects.filter(
        Exists(opened.filter(subject_id=Cast(OuterRef("pk"), CharField())))
    ).values("pk")


def who_knows(matter: Collection[int], people: Collection[int]) -> QuerySet[User]:
    """Who of these is or was assigned to a case of a matter, or has or had a permission on one by name."""
    assigned = CaseAssignment.objects.filter(case__in=matter).values("user")
    kind = ContentType.objects.get_for_model(Case)
    named = CaseAccess.objects.filter(content_type=kind, object_pk__in=[str(key) for key in matter]).values("user")
    gone = RawSQL(
        "SELECT u.id FROM accounts_user u CROSS JOIN unnest(%s::bigint[]) m(id) "
        f"WHERE u.id = ANY (%s) AND {EVER_NAMED.format(person='u.id', case='m.id')}",
        [list(matter), list(people)],
    )
    return User.objects.filter(Q(pk__in=assigned) | Q(pk__in=named) | Q(pk__in=gone))


def second_examiners(
    candidate: Candidate, reader: User | None = None
) -> tuple[list[User], list[tuple[User, NotBlind]]]:
    """Certified investigators who may be drawn for a candidate, and those who may not, with why `reader` is told; by name."""
    certified = TrainingCertificate.objects.current("facial_recognition").order_by().values("holder")
    able = User.objects.filter(groups__name=Role.INVESTIGATOR, is_active=True, pk__in=certified)
    people = list(able.order_by("last_name", "first_name"))
    why = why_not_blind(candidate, [person.pk for person in people], reader=reader)
    free = [person for person in people if person.pk not in why]
    return free, [(person, why[person.pk]) for person in people if person.pk in why]
