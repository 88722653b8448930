"""Maintenance, the offline page and the script that keeps it: none of them asks the database."""

import io
import os
import re
import time

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.template.loader import render_to_string
from django.urls import reverse

from lms.core.middleware import HEALTH
from lms.core.views import offline_and_maintenance as pages
from tests.reading import html_of


@pytest.fixture
def maintenance(settings, tmp_path):
    settings.SUITE_MAINTENANCE_FILE = tmp_path / "maintenance"
    settings.SUITE_MAINTENANCE_FILE.touch()
    return settings.SUITE_MAINTENANCE_FILE


@pytest.mark.parametrize("path", ["/", "/viec-cua-toi/", "/quan-tri/", "/khong-co/", "/sw.js"])
def test_maintenance_answers_every_page_without_a_database(client, maintenance, path):
    response = client.get(path)

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "120"
    assert "no-store" in response.headers["Cache-Control"]


def test_maintenance_tells_both_languages_takes_no_form_and_leaves_health_truthful(
    client, maintenance
):
    page = html_of(client.get("/"))

    assert (page.count("<h1>"), page.count("<h2>")) == (1, 1)
    assert 'lang="en"' in page
    assert client.post(reverse("account_login"), {"login": "GV001"}).status_code == 503
    assert reverse("health_live").startswith(HEALTH)
    assert client.get(reverse("health_live")).json() == {"status": "ok"}


def told(*words):
    out = io.StringIO()
    call_command("maintenance", *words, stdout=out)
    return out.getvalue()


def is_shown(client):
    return client.get(reverse("offline")).status_code == 503


def test_maintenance_is_begun_and_ended_by_a_command(client, settings, tmp_path):
    settings.SUITE_MAINTENANCE_FILE = tmp_path / "maintenance"
    assert told("status").startswith("No maintenance")

    assert told("on", "--minutes", "5").startswith("Maintenance until")
    assert is_shown(client)
    assert told("off").startswith("No maintenance")
    assert not is_shown(client)
    assert told("off").startswith("No maintenance")
    with pytest.raises(CommandError, match="from 1 to 1440"):
        told("on", "--minutes", "0")


@pytest.mark.parametrize("content", ["", "soon", "\x00", "9" * 30, "2014-05-06"])
def test_maintenance_that_nobody_ended_ends_by_itself(client, maintenance, content):
    maintenance.write_text(content)
    assert is_shown(client)
    long_ago = time.time() - 3601
    os.utime(maintenance, (long_ago, long_ago))

    assert not is_shown(client)


def test_maintenance_ends_when_it_was_said_to(client, maintenance):
    maintenance.write_text(str(int(time.time()) + 60))
    long_ago = time.time() - 86_400
    os.utime(maintenance, (long_ago, long_ago))
    assert is_shown(client)
    maintenance.write_text(str(int(time.time()) - 1))

    assert not is_shown(client)


@pytest.mark.django_db
def test_maintenance_ends_with_its_file(client, maintenance):
    maintenance.unlink()

    assert client.get("/").status_code == 200


def test_offline_page_needs_neither_database_nor_session_nor_what_is_not_kept(client):
    response = client.get(reverse("offline"))
    page = html_of(response)

    assert response.status_code == 200
    assert response.cookies == {}
    assert 'lang="en"' in page
    assert "<form" not in page
    assert "icons.svg" not in page
    main = re.search(r"<main.*</main>", page, re.DOTALL).group()
    assert re.findall(r'src="([^"]+)"', main) == ["/static/lms/img/mark.svg"]


@pytest.mark.parametrize("name", ["lms/offline.html", "503.html"])
def test_try_again_asks_for_the_same_address(name):
    page = render_to_string(name)

    assert page.count('<a class="button" href="">') == 2
    assert "onclick" not in page


def test_service_worker_is_a_script_at_the_root_that_keeps_three_things_until_an_upgrade(
    client, monkeypatch
):
    response = client.get("/sw.js")
    script = html_of(response)

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/javascript"
    assert response.headers["Cache-Control"] == "public, max-age=86400"
    assert response.cookies == {}
    assert 'const PAGE = "/mat\\u002Dmang/";' in script
    assert 'const PARTS = ["/static/lms/css/suite.css", "/static/lms/img/mark.svg"];' in script
    assert html_of(client.get("/sw.js")) == script

    monkeypatch.setattr(pages, "static", lambda part: f"/static/{part}.0123abcd")
    after = html_of(client.get("/sw.js"))

    assert "/static/lms/css/suite.css.0123abcd" in after
    assert name_in(after) != name_in(script)


def name_in(script):
    return re.search(r'const NAME = "([^"]+)"', script).group(1)
