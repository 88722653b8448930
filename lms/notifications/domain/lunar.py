"""The lunar calendar of Viet Nam (UTC+7), as far as days off follow it.

New moons and the longitude of the sun as J. Meeus gives them (Astronomical Algorithms, 1991), true to some
minutes. Month 11 holds the winter solstice; of thirteen months between two of them the first in which
the sun enters no new sign is the leap month. Tested against the calendar as it was published.
"""

from datetime import date, timedelta
from functools import lru_cache
from math import floor, radians, sin
from typing import Final

_MONTH: Final = 29.530588853
#: Julian day of the first new moon of 1900, from which new moons are counted.
_FIRST: Final = 2415020.75933
_ZONE: Final = 7 / 24
_DAY_ONE: Final = 1721424.5
_SOLSTICE_SIGN: Final = 9
_ELEVENTH: Final = 11
_MONTHS_OF_A_LEAP_YEAR: Final = 13


def lunar_date(*, year: int, month: int, day: int) -> date:
    """Return the day of the lunar year that begins in `year`; of a leap month the first of the two."""
    eleventh = _month_eleven(year - 1) if month < _ELEVENTH else _month_eleven(year)
    offset = (month - _ELEVENTH) % 12
    if _has_leap(eleventh) and offset >= _leap_offset(eleventh):
        offset += 1
    return _new_moon(eleventh + offset) + timedelta(days=day - 1)


@lru_cache(maxsize=64)
def _month_eleven(year: int) -> int:
    """Return the number of the new moon with which month 11 of the year begins."""
    number = floor((date(year, 12, 31).toordinal() + _DAY_ONE - _FIRST) / _MONTH)
    while _new_moon(number) > date(year, 12, 31) or _sign_at(_new_moon(number)) >= _SOLSTICE_SIGN:
        number -= 1
    return number


def _has_leap(eleventh: int) -> bool:
    year = _new_moon(eleventh).year
    return _month_eleven(year + 1) - eleventh == _MONTHS_OF_A_LEAP_YEAR


def _leap_offset(eleventh: int) -> int:
    """Return how many months after month 11 the leap month comes."""
    signs = [_sign_at(_new_moon(eleventh + offset)) for offset in range(15)]
    return next(offset for offset in range(1, 14) if signs[offset] == signs[offset + 1])


@lru_cache(maxsize=256)
def _new_moon(number: int) -> date:
    """Return the day, in Viet Nam, of so manyth new moon since 1900."""
    t = number / 1236.85
    t2, t3 = t * t, t * t * t
    mean = _FIRST + _MONTH * number + 0.0001178 * t2 - 0.000000155 * t3
    mean += 0.00033 * sin(radians(166.56 + 132.87 * t - 0.009173 * t2))
    sun = radians(359.2242 + 29.10535608 * number - 0.0000333 * t2 - 0.00000347 * t3)
    moon = radians(306.0253 + 385.81691806 * number + 0.0107306 * t2 + 0.00001236 * t3)
    node = radians(21.2964 + 390.67050646 * number - 0.0016528 * t2 - 0.00000239 * t3)
    shift = (0.1734 - 0.000393 * t) * sin(sun) + 0.0021 * sin(2 * sun)
    shift += -0.4068 * sin(moon) + 0.0161 * sin(2 * moon) - 0.0004 * sin(3 * moon)
    shift += 0.0104 * sin(2 * node) - 0.0051 * sin(sun + moon) - 0.0074 * sin(sun - moon)
    shift += 0.0004 * sin(2 * node + sun) - 0.0004 * sin(2 * node - sun)
    shift += -0.0006 * sin(2 * node + moon) + 0.0010 * sin(2 * node - moon)
    shift += 0.0005 * sin(2 * moon + sun)
    behind = -0.000278 + 0.000265 * t + 0.000262 * t2
    return _day_of(mean + shift - behind)


def _day_of(julian: float) -> date:
    return date.fromordinal(floor(julian - _DAY_ONE + _ZONE))


def _sign_at(day: date) -> int:
    """Return in which twelfth of its way the sun stands when the day begins in Viet Nam."""
    t = (day.toordinal() + _DAY_ONE - _ZONE - 2451545.0) / 36525
    anomaly = radians(357.52910 + 35999.05030 * t - 0.0001559 * t * t - 0.00000048 * t * t * t)
    longitude = 280.46645 + 36000.76983 * t + 0.0003032 * t * t
    longitude += (1.914600 - 0.004817 * t - 0.000014 * t * t) * sin(anomaly)
    longitude += (0.019993 - 0.000101 * t) * sin(2 * anomaly) + 0.000290 * sin(3 * anomaly)
    return floor(longitude % 360 / 30)
