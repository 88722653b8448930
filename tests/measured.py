"""Pytest under slipcover: `python -m tests.measured --out FILE -m pytest -n 3 …`.

The process that deals the tests out runs none of them: it gets no counters, and leaves the list of
what nobody imported to the others. Both took time while no test ran.
"""

import sys
from contextlib import nullcontext

import slipcover
from slipcover.__main__ import main

if __name__ == "__main__":
    slipcover.ImportManager = lambda *_given: nullcontext()
    slipcover.Slipcover._add_unseen_source_files = lambda *_given: None
    sys.exit(main())
