"""What the guides for administrators tell to type is there: commands, files, variables, services."""

import re

import pytest
from django.core.management import get_commands

from tests.ops.compose import PROJECT, compose, services, text_of

PAGES = [
    "docs/operations.md",
    *sorted(f"docs/operations/{p.name}" for p in (PROJECT / "docs/operations").glob("*.md")),
]
# Of the trial and of `make run`, which a server does not have.
ELSEWHERE = {"load_demo"}


def anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES)
def test_commands_are_there(page):
    named = set(re.findall(r"manage\.py (\w+)", text_of(page)))

    assert named - set(get_commands()) - ELSEWHERE == set()


@pytest.mark.parametrize("page", PAGES)
def test_services_and_profiles_are_there(page):
    text = text_of(page)
    told = re.findall(
        r"docker compose (?:exec|run|logs|restart|stop)((?: -[-\w]+(?: \d\S*)?)*)((?: [a-z][-\w]*)+)",
        text,
    )
    named = {words.split()[0] for _, words in told}

    assert named - set(services()) == set()
    assert (
        bool(told)
        or "docker compose" not in text
        or page.endswith(("kubernetes.md", "embedded.md"))
    )


@pytest.mark.parametrize("page", PAGES)
def test_variables_are_explained_in_the_example(page):
    named = set(re.findall(r"`([A-Z]+_[A-Z_]+)(?:=[^`]*)?`", text_of(page)))
    known = set(re.findall(r"^(?:# )?([A-Z_]+)=", text_of(".env.example"), re.MULTILINE))

    assert named - known - {"SUITE_PRODUCTION"} == set()


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    folder = (PROJECT / page).parent
    broken = []
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", text_of(page)):
        name, _, part = link.partition("#")
        target = folder / name if name else PROJECT / page
        if not target.exists():
            broken.append(link)
        elif part:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            broken += [link] if part not in {anchor(one) for one in headings} else []

    assert broken == []


def test_settings_of_the_trial_are_those_of_the_example():
    text = text_of("docs/operations/installing.md")
    block = re.search(r"```\n(COMPOSE_PROFILES=trial\n.*?)```", text, re.DOTALL)[1]
    values = dict(re.findall(r"^([A-Z_]+)=(.+)$", block, re.MULTILINE))

    known = set(re.findall(r"^([A-Z_]+)=", text_of(".env.example"), re.MULTILINE))
    assert set(values) <= known
    assert {values["COMPOSE_PROFILES"]} <= {
        profile for one in compose()["services"].values() for profile in one.get("profiles", ())
    }
