"""TermsArea: in which areas a permit's terms hold. The rows of PermitTerms.areas, sealed."""

import pgtrigger

from ecpd.audit.records import guard
from ecpd.audit.sealed import Seal
from parking.models.permit_class import PermitTerms
from parking.models.permit_guards import WITH_ITS_TERMS

_THROUGH = PermitTerms.areas.through


class TermsArea(_THROUGH):  # type: ignore[misc, valid-type]  # the table that Django makes for PermitTerms.areas
    """One area of a version of a permit's terms."""

    row_seal = Seal()

    class Meta:
        proxy = True
        triggers = [guard("pk_16_areas_with_their_terms", WITH_ITS_TERMS, on=pgtrigger.Insert)]
        verbose_name = "area of a permit's terms"
        verbose_name_plural = "areas of a permit's terms"
