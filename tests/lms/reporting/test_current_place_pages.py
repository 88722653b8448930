"""The pages that count people where they work today: what they say, at what cost."""

from django.urls import reverse

from lms.accounts.models import User
from lms.reporting.enums import CountedAt
from lms.reporting.views.moved import moves_in_words
from tests.factories.files import content_of, head_of
from tests.factories.geography import unit
from tests.factories.reporting import enrolled
from tests.lms.reporting.test_current_place import YESTERDAY, leave, moved, table_of
from tests.reading import html_of, numbers

PAGE = "reporting:completion"


def test_page_says_how_the_two_ways_fit(as_monitor, world):
    moved(enrolled(world, "350", "13384", completed=True), "13591")
    page = as_monitor.get(reverse(PAGE) + "?counted=now")
    assert page.context["asked"].at_current_place
    # One moved of one, who has completed.
    (told, *_more) = page.context["reconciled"]
    assert numbers(told) == [1, 1, 1]
    assert told in html_of(page)
    district = reverse("reporting:completion_unit", args=[unit("353").pk]) + "?counted=now"
    assert "0 + 1 − 0 = 1" in html_of(as_monitor.get(district))
    assert f"{reverse('reporting:people', args=[unit('13591').pk])}?counted=now" in html_of(
        as_monitor.get(district)
    )


def test_names_say_where_people_come_from(as_monitor, world):
    enrolment = enrolled(world, "350", "13384")
    last = moved(enrolment, "13591")
    last.valid_from = last.valid_to = YESTERDAY
    last.save()
    url = reverse("reporting:people", args=[unit("13591").pk])
    page = html_of(as_monitor.get(url + "?counted=now"))
    assert "thị trấn Quế" in page
    assert "Không còn giữ vị trí nào" in page
    assert enrolment.user.staff_code not in html_of(as_monitor.get(url))
    own = reverse("reporting:person", args=[enrolment.user.pk])
    assert "Không còn giữ vị trí nào" in html_of(as_monitor.get(own + "?counted=now"))


def test_words_tell_who_left_and_what_a_coordinator_does_not_see(world, coordinator):
    enrolment = enrolled(world, "350", "13384")
    leave(enrolment)
    words = moves_in_words(table=table_of(world, coordinator), reader=coordinator)
    assert len(words) == 3
    assert User.objects.visible_to(coordinator).filter(pk=enrolment.user_id).exists()
    before = table_of(world, coordinator, counted_at=CountedAt.ENROLMENT)
    assert moves_in_words(table=before, reader=coordinator) == []


def test_figure_of_the_whole_says_how_many_it_counts_and_does_not_name(as_coordinator, world):
    for _ in range(2):
        moved(enrolled(world, "350", "13384", completed=True), "13591")
    stayed = enrolled(world, "350", "13384", completed=True).user
    asked = {"counted": "now"}
    page = as_coordinator.get(reverse(PAGE), asked)
    assert page.context["total"]["row"].figures.completed == 3
    names = as_coordinator.get(page.context["total"]["bar_url"])
    assert [row["label"] for row in names.context["rows"]] == [stayed.full_name]
    (note,) = names.context["notes"]
    assert "2" in note
    (download, *_) = names.context["downloads"]
    file = content_of(as_coordinator.get(download["url"]))
    assert any(note.rstrip(".") in line for line in head_of(file, "xlsx"))
    everywhere = reverse("reporting:all_people")
    for more in ({"state": "learning"}, {"figure": "certificates.issued"}, {"part": "left"}):
        assert not as_coordinator.get(everywhere, asked | more).context["notes"]
    assert not as_coordinator.get(everywhere).context["notes"]
