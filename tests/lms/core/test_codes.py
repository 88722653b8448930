import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.codes import ALPHABET, LENGTH, group_code, new_code, normalise_code

# What certificates printed so far hold too.
READ = f"{ALPHABET}01"
CODES = st.text(READ, min_size=LENGTH, max_size=LENGTH)


def test_new_codes_are_of_the_alphabet_and_differ():
    codes = {new_code() for _time in range(500)}

    assert len(codes) == 500
    assert {len(code) for code in codes} == {12}
    assert set("".join(codes)) <= set(ALPHABET)


def test_alphabet_holds_nothing_that_a_keyboard_changes_or_an_eye_mixes_up():
    assert set(ALPHABET) & set("ADEIOUWYL01") == set()


def test_group_code():
    assert group_code("7K3MHX42PQ9C") == "7K3M-HX42-PQ9C"


@pytest.mark.parametrize(
    "typed",
    [
        "7K3MHX42PQ0C",
        "7k3m-hx42-pq0c",
        " 7K3M HX42 PQ0C\n",
        "7K3M–HX42—PQOC",
        "7k3m\u00a0hx42\u200bpqoc",
        "7K3M HX42 PQOC",
        "https://tap-huan.example/xac-minh/7K3MHX42PQ0C/",
        "\uff17\uff2b3MHX42PQ0C",
    ],
)
def test_normalise_what_people_type(typed):
    assert normalise_code(typed) == "7K3MHX42PQ0C"


def test_normalise_reads_i_and_l_as_one():
    assert normalise_code("lI17K3MHX42P") == "1117K3MHX42P"


@pytest.mark.parametrize(
    "typed", ["", "   ", "7K3M", "7K3MHX42PQ0CC", "AAAA-AAAA-AAAA", "7K3M-HX42-PQ0Đ", "/", "\x00"]
)
def test_normalise_what_is_no_code(typed):
    assert normalise_code(typed) is None


@given(CODES)
def test_printed_code_comes_back(code):
    assert normalise_code(group_code(code)) == code


@given(CODES, st.data())
def test_misread_and_scattered_code_comes_back(code, data):
    spelt = {"0": "0oO", "1": "1iIlL"}
    typed = "".join(
        data.draw(st.sampled_from(spelt.get(sign, sign + sign.lower())))
        + data.draw(st.sampled_from(["", " ", "-", "\t"]))
        for sign in code
    )
    assert normalise_code(typed) == code


@given(st.text())
def test_normalise_gives_a_code_or_nothing(text):
    code = normalise_code(text)

    assert code is None or (len(code) == LENGTH and set(code) <= set(READ))
    assert code is None or normalise_code(code) == code
