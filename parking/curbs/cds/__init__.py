"""The Curb Data Specification, versions 1.0 and 1.1 (Open Mobility Foundation): read, checked, written.

Sources: the specification's text (1.0.1) and its OpenAPI models (1.1.0). The checks are our own.
"""

from parking.curbs.cds.read import read_cds
from parking.curbs.cds.write import left_out, refusals, write_cds

__all__ = ["left_out", "read_cds", "refusals", "write_cds"]
