"""Which tests run in one process, where `--dist loadscope` asks that some stay together."""

import re

from xdist.scheduler import LoadScopeScheduling

# The end of a test's id: “chromium-en-monitor”, “chromium-part0” in brackets; whoever
# names no language means Vietnamese.
_LOOKED_AT = re.compile(r"\[chromium-(?:(?P<language>vi|en)-)?(?P<pages>\w+)\]$")
_LOOKING = ("/browser/test_pages.py", "/browser/test_admin.py")


class ByPerson(LoadScopeScheduling):
    """The pages of one person in one language are looked at in one process, else a file's tests.

    Those of the admin, which take as long as all of one person's, in parts.

    What xdist has for this, `xdist_group`, leaves no trace in the test ids of pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        file, _colons, _test = nodeid.partition("::")
        looked_at = _LOOKED_AT.search(nodeid)
        if looked_at is None or not file.endswith(_LOOKING):
            return file
        return f"{file} {looked_at['pages']} {looked_at['language'] or 'vi'}"
