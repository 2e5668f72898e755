"""How far the proof looks. It is to take a minute of one core; by night, PROOF_EXAMPLES=50 looks further."""

import os

EXAMPLES = int(os.environ.get("PROOF_EXAMPLES", "1"))
WALKS = EXAMPLES * 3
