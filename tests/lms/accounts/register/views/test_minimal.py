"""Parents and core children in the admin: entered, shown, and their consents kept."""

from datetime import date

from django.utils import timezone
from django.utils.text import capfirst
from wagtail.models import ModelLogEntry

from lms.accounts.enums import Cadre, Role
from lms.accounts.models import Consent, User
from tests.factories.accounts import ConsentFactory, PostingFactory, browse
from tests.factories.geography import unit
from tests.lms.accounts.register.views.conftest import url
from tests.reading import error_codes, html_of, levels_of
from tests.shared import shared


def typed(**fields):
    return {
        "full_name": "Bé An",
        "staff_code": "te-01",
        "phone": "",
        "email": "",
        "sex": "",
        "year_of_birth": "2002",
        "is_active": "on",
        "unit": unit("13384").pk,
        "cadre": "core_child",
        "since": "01/04/2014",
        "guardian": "Phạm Thị Bà",
        "consent_on": "01/03/2014",
        "consent_kept_at": "tủ UBND xã",
        **fields,
    }


@shared
def child(edition):
    return PostingFactory(unit=unit("13384"), cadre=Cadre.CORE_CHILD, user__full_name="Bé An").user


@shared
def far_child(edition):
    return PostingFactory(
        unit=unit("13591"),
        cadre=Cadre.CORE_CHILD,
        user__full_name="Bé Xa",
        consent__guardian="Bà Xa",
    ).user


def test_core_child_is_entered_with_the_consent(coordinator):
    assert browse(coordinator).post(url("add"), typed()).status_code == 302
    child = User.objects.get(staff_code="TE-01")
    consent = child.consents.get()
    assert (child.is_minimal, child.full_name, child.has_usable_password()) == (
        True,
        "Bé An",
        False,
    )
    assert (consent.guardian, consent.given_on, consent.kept_at, consent.recorded_by) == (
        "Phạm Thị Bà",
        date(2014, 3, 1),
        "tủ UBND xã",
        coordinator,
    )
    assert child.postings.get().consent == consent


def test_child_without_a_name_is_shown_by_the_code_and_a_parent_consents_alone(as_coordinator):
    as_coordinator.post(url("add"), typed(full_name=""))
    as_coordinator.post(url("add"), typed(cadre="parent_group", guardian="", staff_code="ph-01"))

    assert User.objects.get(staff_code="TE-01").full_name == "TE-01"
    assert "TE-01" in html_of(as_coordinator.get(url("index")))
    assert Consent.objects.get(user__staff_code="PH-01").giver == "self"


def test_what_may_not_be_kept_is_refused_on_its_field(as_coordinator):
    for fields, wrong in (
        ({"phone": "0912 345 678"}, ["phone"]),
        ({"unit": "", "full_name": ""}, ["cadre"]),
        ({"email": "be@example.vn", "sex": "female"}, ["email", "sex"]),
        ({"consent_on": ""}, ["consent_on"]),
        ({"consent_on": "vô nghĩa"}, ["consent_on"]),
        ({"consent_on": "01/03/2999"}, ["consent_on"]),
        ({"guardian": " "}, ["guardian"]),
        ({"cadre": "parent_group"}, ["guardian"]),
        ({"since": "01/02/2014"}, ["since"]),
        ({"cadre": "parent_group", "guardian": "", "full_name": ""}, ["full_name"]),
        ({"cadre": "collaborator"}, ["guardian", "consent_on", "consent_kept_at"]),
    ):
        response = as_coordinator.post(url("add"), typed(**fields))
        assert list(response.context["form"].errors) == wrong, fields
    assert not User.objects.filter(staff_code="TE-01").exists()


def test_record_that_is_there_has_no_fields_for_what_is_not_kept(as_coordinator, child):
    form = as_coordinator.get(url("edit", child)).context["form"]
    gone = {"phone", "email", "sex", "guardian", "consent_on", "consent_kept_at"}
    assert not gone & form.fields.keys()

    as_coordinator.post(
        url("edit", child), typed(full_name="Bé Bình", cadre="core_child", since="01/01/2014")
    )
    child.refresh_from_db()
    assert (child.full_name, child.phone, child.is_minimal) == ("Bé Bình", None, True)


def test_cadre_of_the_other_kind_and_log_in_code_are_refused_with_a_sentence(
    as_coordinator, child, neighbour
):
    response = as_coordinator.post(url("edit", child), typed(cadre="collaborator"))
    fields = typed(cadre="parent_group", staff_code=neighbour.staff_code)
    whole = as_coordinator.post(url("edit", neighbour), fields)
    code = as_coordinator.post(url("code", child))

    assert error_codes(whole.context["form"]) == {"__all__": ["full_record"]}

    assert error_codes(response.context["form"]) == {"__all__": ["minimal_record"]}
    assert child.postings.get().valid_to is None
    assert code.context["refusal"] in html_of(code)
    assert not child.invitations.exists()


def test_person_page_offers_the_consent_no_log_in_and_no_lines_for_what_is_not_kept(
    as_coordinator, child, neighbour
):
    shown, other = (as_coordinator.get(url("inspect", person)) for person in (child, neighbour))

    page = html_of(shown)
    assert url("consent_add", child) in page
    assert url("consent_withdraw", child, child.consents.get()) in page
    assert url("code", child) not in page
    assert "Phạm Thị Bà" in page
    kept, whole = ({field["label"] for field in one.context["fields"]} for one in (shown, other))
    assert len(kept) == 7
    assert len(kept - whole) == 2
    for name in ("phone", "email"):
        label = capfirst(User._meta.get_field(name).verbose_name)
        assert (label in kept, label in whole) == (False, True)


def test_list_filters_minimal_records(as_coordinator, child, neighbour):
    def found(value):
        answer = as_coordinator.get(url("index"), {"is_minimal": value})
        return {person.pk for person in answer.context["object_list"]}

    assert found("true") == {child.pk}
    assert neighbour.pk in found("false")
    assert child.pk not in found("false")


def test_consent_is_added_and_logged(coordinator, child):
    fields = {
        "purpose": "certificate_name",
        "given_on": "01/03/2014",
        "guardian": "Phạm Thị Bà",
        "kept_at": "",
    }
    response = browse(coordinator).post(url("consent_add", child), fields, follow=True)

    assert levels_of(response) == ["success"]
    assert child.consents.get(purpose="certificate_name").recorded_by == coordinator
    history = html_of(browse(coordinator).get(url("history", child)))
    assert str(ModelLogEntry.objects.for_instance(child).latest("pk").message) in history


def test_consent_or_withdrawal_that_is_refused_says_so_on_its_field(as_coordinator, child):
    for given_on, purpose, wrong in (
        ("01/03/2999", "certificate_name", "given_on"),
        ("01/03/2014", "taking_part", "purpose"),
    ):
        typed_in = {"given_on": given_on, "purpose": purpose, "guardian": "Bà"}
        response = as_coordinator.post(url("consent_add", child), typed_in)
        assert list(response.context["form"].errors) == [wrong]
    address = url("consent_withdraw", child, child.consents.get())
    early = as_coordinator.post(address, {"withdrawn_on": "01/01/2013"})
    assert list(early.context["form"].errors) == ["withdrawn_on"]


def test_withdrawal_closes_posts_and_says_so(coordinator, child):
    consent, today = child.consents.get(), timezone.localdate()
    client = browse(coordinator)
    assert client.get(url("consent_withdraw", child, consent)).context["consent"] == consent

    response = client.post(
        url("consent_withdraw", child, consent), {"withdrawn_on": f"{today:%d/%m/%Y}"}, follow=True
    )

    page = html_of(response)
    [message] = response.context["messages"]
    for told in (f"{today:%d/%m/%Y}", str(Cadre.CORE_CHILD.label), str(unit("13384"))):
        assert told in str(message)
    consent.refresh_from_db()
    assert (consent.withdrawn_on, consent.withdrawn_by) == (today, coordinator)
    assert child.postings.get().valid_to < today
    assert url("consent_withdraw", child, consent) not in page


def test_consent_withdrawn_already_or_of_somebody_else_is_not_found(
    as_coordinator, child, far_child
):
    gone = ConsentFactory(user=child, purpose="certificate_name", withdrawn_on=date(2014, 2, 1))
    other = far_child.consents.get()

    for address in (
        url("consent_withdraw", child, gone),
        url("consent_withdraw", child, other),
        url("consent_add", far_child),
        url("consent_withdraw", far_child, other),
    ):
        assert as_coordinator.get(address).status_code == 404
        assert as_coordinator.post(address, {"withdrawn_on": "01/02/2014"}).status_code == 404
    other.refresh_from_db()
    assert other.withdrawn_on is None


def test_who_looks_on_reads_consents_and_withdraws_none(make_official, child):
    client = browse(make_official(Role.FOCAL_POINT, "13384"))

    page = html_of(client.get(url("inspect", child)))

    assert "Phạm Thị Bà" in page
    assert url("consent_withdraw", child, child.consents.get()) not in page
    assert client.get(url("consent_add", child)).status_code in (302, 403, 404)


def test_page_costs_the_same_with_more_consents(
    as_coordinator, coordinator, child, django_assert_num_queries
):
    gone = {"withdrawn_on": date(2014, 2, 1), "recorded_by": coordinator}
    as_coordinator.get(url("inspect", child))

    for more in (0, 2):
        ConsentFactory.create_batch(more, user=child, purpose="certificate_name", **gone)
        with django_assert_num_queries(13):
            as_coordinator.get(url("inspect", child))
