"""People in two districts, and a browser for each."""

from tests.factories.accounts import PostingFactory
from tests.factories.geography import unit
from tests.shared import shared


@shared
def neighbour(edition):
    """Posted in Kim Bảng."""
    return PostingFactory(
        unit=unit("13384"), user__full_name="Trần Văn Nhà", user__phone="+84912345678"
    ).user


@shared
def stranger(edition):
    """Posted in Lý Nhân; the name must never reach Kim Bảng."""
    return PostingFactory(
        unit=unit("13591"), user__full_name="Lê Thị Lạ", user__phone="+84987654321"
    ).user
