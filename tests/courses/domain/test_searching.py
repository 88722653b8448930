import json

import pytest

from courses.domain.searching import LONGEST_QUERY, mark_words, snippet_of, text_of, words_of
from courses.models import LessonPage


def shown(pieces):
    """The pieces as one text, what was found in brackets."""
    return "".join(f"[{piece.text}]" if piece.is_found else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("xâm hại", ["xam", "hai"]),
        (" Xâm  Hại! ", ["xam", "hai"]),
        ("Đường dây 111", ["duong", "day", "111"]),
        ("", []),
        ("a", []),
        ("   ", []),
        ("??", []),
    ],
)
def test_words_of_a_query(query, words):
    assert words_of(query) == words


def test_words_of_an_endless_query_are_cut():
    assert len(" ".join(words_of("từ " * 60))) <= LONGEST_QUERY


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Trẻ bị xâm hại, hai lần", "Trẻ bị [xâm] [hại], hai lần"),
        ("Hai điều về XÂM HẠI", "Hai điều về [XÂM] [HẠI]"),
        ("Làm hại hay xâm phạm", "Làm [hại] hay [xâm] phạm"),
        ("Xa\u0302m ha\u0323i", "[Xâm] [hại]"),
        ("Không có gì", "Không có gì"),
        ("", ""),
    ],
)
def test_mark_words_prefers_what_follows_each_other(text, marked):
    assert shown(mark_words(text, ["xam", "hai"])) == marked


def test_snippet_stands_around_the_first_place():
    text = " ".join([*["trước"] * 30, "Trẻ bị xâm hại.", *["sau"] * 60])

    line = shown(snippet_of(text, ["xam", "hai"]))

    assert line.startswith("… trước")
    assert "Trẻ bị [xâm] [hại]. sau" in line
    assert line.endswith("sau …")
    assert len(line.split()) < 40


def test_snippet_of_a_title_found_is_the_beginning():
    assert shown(snippet_of("Bài này ngắn.", ["xam"])) == "Bài này ngắn."
    assert snippet_of("", ["xam"]) == []


@pytest.mark.django_db
def test_text_of_a_lesson_leaves_out_what_nobody_reads():
    stored = [
        ("callout", {"tone": "law", "title": "Luật", "text": "Báo ngay"}),
        ("figure", {"image": {"image": 5, "alt_text": "Sơ đồ"}, "caption": "Hình"}),
        ("text", "<p>Cha &amp; <b>mẹ</b></p>"),
        ("steps", {"title": "Việc", "steps": [{"type": "item", "value": {"title": "Nghe"}}]}),
    ]
    body = json.dumps([{"type": name, "value": value} for name, value in stored])

    text = text_of(LessonPage(summary="Tóm tắt", body=body))

    read = "Tóm tắt Luật Báo ngay Sơ đồ Hình Cha & mẹ Việc Nghe"
    assert " ".join(text.split()) == read
