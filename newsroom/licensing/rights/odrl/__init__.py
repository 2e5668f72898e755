"""Licences and a story's own rights as ODRL 2.2 in JSON-LD, by the RightsML 2.0 profile and one of ours.

ODRL Information Model 2.2: https://www.w3.org/TR/odrl-model/ · Vocabulary: https://www.w3.org/TR/odrl-vocab/
RightsML 2.0: https://iptc.org/std/RightsML/2.0/RightsML_2.0-specification.html
"""

from newsroom.licensing.rights.odrl.node import BadRights
from newsroom.licensing.rights.odrl.reading import read_granted, read_reserved
from newsroom.licensing.rights.odrl.writing import write_granted, write_reserved

__all__ = ["BadRights", "read_granted", "read_reserved", "write_granted", "write_reserved"]
