"""A start looks for no garbage among what it imports; what runs afterwards does."""

import gc

from lms import core
from lms.core.apps import CoreConfig


def test_garbage_is_looked_for_again_once_all_is_ready():
    starting = CoreConfig("lms.core", core)
    was_on, kept = gc.isenabled(), gc.get_freeze_count()

    starting.ready()

    assert (was_on, gc.isenabled()) == (False, True)
    assert gc.get_freeze_count() > kept
