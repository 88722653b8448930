"""Find anew what everybody has and lacks; on sound data this changes nothing."""

from collections.abc import Iterable
from datetime import datetime

from courses.domain.rebuilding import Difference, find_differences, rebuild_progress
from lms.core.rebuild_command import RebuildCommand


class Command(RebuildCommand):
    help = "Ask all criteria about all enrolments and put right what differs."
    rows = "rows of progress"
    sound = "Every row of progress says what is found."

    def find_differences(self) -> Iterable[Difference]:
        return find_differences()

    def rebuild(self, *, at: datetime) -> Iterable[Difference]:
        return rebuild_progress(at=at)
