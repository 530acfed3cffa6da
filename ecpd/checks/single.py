"""One decision, one row of a table: what an account does is done with a decision for each (AU-03).

Of a row that keeps its decision a unique constraint says so (`decided`); of the others it is asked here, of new rows, by
the entries that they make. Where an honest service writes several rows of a table under one decision, the table stands in
`SEVERAL` with the reason.
"""

import pgtrigger
from django.db import models

from ecpd.audit.pinned import Trigger
from ecpd.audit.refusing import refuse
from ecpd.checks.behind import columns_of
from ecpd.checks.deeds import PEOPLE

NAME = "zz_au_03_one_row"
ONE_ROW = "A decision stands behind one row of a table: ask the door again for the next."
# Beside those whose rows name who acts (`deeds`).
ALSO = frozenset({"accounts.ApiToken", "accounts.TrainingCertificate", "accounts.User", "policy.Amendment"})
# Which new rows of a table may share a decision, as SQL, and why.
ANY_ROW = "true"
SEVERAL: dict[str, tuple[str, str]] = {
    "leads.ExculpatoryEntry": ("NEW.entered_by_id IS NULL", "The records of a face say several things at once."),
    "leads.ExaminationRequest": (ANY_ROW, "The last conclusion on a list sends each of its candidates on."),
    "parking.AbandonedPhoto": (ANY_ROW, "One look has several pictures."),
    "parking.CitationHold": ("NEW.kind = 'plan'", "A plan covers several citations."),
    "parking.CitationNotice": (ANY_ROW, "A plan tells of each citation; a result is told to whoever is concerned."),
    "parking.CurbPolicy": (ANY_ROW, "A file of curbs and a zone bring several."),
    "parking.Exemption": ("NEW.imported_id IS NOT NULL", "A list comes in whole."),
    "parking.HotlistEntry": (ANY_ROW, "A list comes in whole."),
    "parking.PermitPlate": (ANY_ROW, "A permit begins with its plates."),
    "parking.Zone": (ANY_ROW, "A file of curbs brings several."),
    "parking.ZonePolicy": (ANY_ROW, "A zone begins with its rules."),
}


def guard_of(model: type[models.Model]) -> Trigger | None:
    """The guard of a table in whose new rows an account acts, None for another and where any may share a decision."""
    from ecpd.audit.records import NEWEST_STATE  # its bases are models, and this is imported before there can be any

    label = model._meta.label
    several = SEVERAL.get(label, ("false", ""))[0]
    if several == ANY_ROW or not (label in ALSO or _acts_anew(model)):
        return None
    sql = f"""
IF ({several}) IS NOT TRUE AND public.ecpd_served('{model._meta.db_table}', NEW.{model._meta.pk.column}::text) THEN
    {refuse("AU-03", ONE_ROW)}
END IF;
RETURN NULL;"""
    return Trigger(name=NAME, when=pgtrigger.After, operation=pgtrigger.Insert, func=NEWEST_STATE + sql)


def _acts_anew(model: type[models.Model]) -> bool:
    """Whether a new row names an account that acts, and not only a later step of it."""
    later = (*getattr(model, "once", ()), *getattr(model, "may_change", {}))
    return any(field.column not in later for field in columns_of(model, PEOPLE))
