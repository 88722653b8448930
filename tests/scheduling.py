"""Which tests run in one process, where `--dist loadscope` asks that some stay together."""

import re

from xdist.scheduler import LoadScopeScheduling

# As in test_no_other_host_is_asked[chromium-en-monitor]; whoever names no language means Vietnamese.
_PERSON = re.compile(r"\[chromium-(?:(?P<language>vi|en)-)?(?P<role>\w+)\]$")


class ByPerson(LoadScopeScheduling):
    """The pages of one person in one language are looked at in one process, else a file's tests.

    What xdist has for this, `xdist_group`, leaves no trace in the test ids of pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        file, _colons, _test = nodeid.partition("::")
        person = _PERSON.search(nodeid)
        if person is None or not file.endswith("/test_pages.py"):
            return file
        return f"{file} {person['role']} {person['language'] or 'vi'}"
