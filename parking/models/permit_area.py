"""TermsArea: in which areas a permit's terms hold. The rows of PermitTerms.areas, sealed."""

from ecpd.audit.sealed import Seal
from parking.models.permit_class import PermitTerms

_THROUGH = PermitTerms.areas.through


class TermsArea(_THROUGH):  # type: ignore[misc, valid-type]  # the table that Django makes for PermitTerms.areas
    """One area of a version of a permit's terms."""

    row_seal = Seal()

    class Meta:
        proxy = True
        verbose_name = "area of a permit's terms"
        verbose_name_plural = "areas of a permit's terms"
