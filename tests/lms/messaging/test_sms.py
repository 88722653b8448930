"""How long a short message is, and what of it is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.text import unmarked
from lms.messaging.sms import count_parts, count_places, fit


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("ạ" * 70, 1),
        ("ạ" * 71, 2),
        ("ạ" * 134, 2),
        ("ạ" * 135, 3),
        # Two places each.
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        # Never cut in two between two parts.
        ("a" * 152 + "€" + "a" * 151, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("ạ" * 66 + "😀" + "ạ" * 66, 3),
        ("", 1),
    ],
)
def test_text_is_as_many_parts_as_a_provider_counts(text, parts):
    assert count_parts(text) == parts


@pytest.mark.parametrize(
    ("text", "places"), [("a" * 69, 69), ("€" * 69, 138), ("ạ😀", 3), ("😀" * 35, 70), ("", 0)]
)
def test_signs_are_counted_as_a_provider_counts_them(text, places):
    assert count_places(text) == places


@given(text=st.text(max_size=400), parts=st.integers(1, 3), marks=st.booleans())
def test_what_is_sent_fits_and_is_cut_no_shorter_than_need_be(text, parts, marks):
    sent = fit(text, parts=parts, marks=marks)

    assert count_parts(sent) <= parts
    whole = " ".join(text.split())
    whole = whole if marks else unmarked(whole)
    if count_parts(whole) <= parts:
        assert sent == whole
    else:
        assert sent.endswith("...")
        assert whole.startswith(sent[:-3])


def test_text_is_cut_between_words_unless_one_of_them_is_an_address():
    words = "Hop lop hoc " * 13
    assert fit(f"{words}Bao ve", parts=1, marks=False).endswith("lop hoc...")
    assert fit(f"{words[:-1]}; Buoi tiep theo", parts=1, marks=False).endswith("lop hoc...")
    address = f"Xem: https://tap-huan.example.vn/{'a' * 200}"
    assert len(fit(address, parts=1, marks=False)) == 160
