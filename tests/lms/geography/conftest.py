"""Boundary files small enough to spoil one line at a time."""

import pytest

EDITIONS = """\
edition,valid_from,valid_to,province,districts,communes,legal_basis
2013-07-24,2013-07-24,2019-12-31,Hà Nam,1,3,Nghị quyết 89
2020-01-01,2020-01-01,,Hà Nam,1,2,Nghị quyết 829
"""
UNITS_2013 = """\
level,code,parent_code,type,name
province,35,,tỉnh,Hà Nam
district,353,35,huyện,Lý Nhân
commune,13576,353,xã,Chân Lý
commune,13579,353,xã,Đạo Lý
commune,13588,353,xã,Bắc Lý
"""
UNITS_2020 = """\
level,code,parent_code,type,name
province,35,,tỉnh,Hà Nam
district,353,35,huyện,Lý Nhân
commune,13576,353,xã,Chân Lý
commune,13579,353,xã,Bắc Lý
"""
SUCCESSIONS = """\
from_edition,from_code,to_edition,to_code,extent
2013-07-24,13576,2020-01-01,13576,whole
2013-07-24,13579,2020-01-01,13579,whole
2013-07-24,13588,2020-01-01,13579,whole
"""


class BoundaryFolder:
    """Writes the four files; `replace` changes text in one of them."""

    def __init__(self, path):
        self.path = path
        self.write("editions.csv", EDITIONS)
        self.write("units_2013-07-24.csv", UNITS_2013)
        self.write("units_2020-01-01.csv", UNITS_2020)
        self.write("successions.csv", SUCCESSIONS)

    def write(self, file, text, encoding="utf-8"):
        (self.path / file).write_bytes(text.encode(encoding))

    def read(self, file):
        return (self.path / file).read_text(encoding="utf-8")

    def replace(self, file, old, new):
        text = self.read(file)
        assert old in text
        self.write(file, text.replace(old, new))


@pytest.fixture
def folder(tmp_path):
    return BoundaryFolder(tmp_path)
