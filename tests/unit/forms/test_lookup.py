"""Finding sites, forms and keys without a store."""

import json
from typing import Any

from footfall.forms.lookup import FormLookup
from footfall.forms.site import Domain, Form, FormSite
from footfall.projects.directory import hash_secret

KEY = "pk_live_one"


def make_lookup(
    *hosts: str, content: dict[str, Any] | None = None, is_site_on: bool = True
) -> FormLookup:
    lookup = FormLookup()
    text = json.dumps(content or {"fields": []})
    lookup.replace(
        [FormSite(1, 7, KEY, "", is_site_on, False, False, 0, 0)],
        [Domain(number, 1, host, 0) for number, host in enumerate(hosts)],
        [Form(1, 1, "enquiry", "Enquiry", True, text, 0, 0)],
        {hash_secret("pg_int_secret"): 7},
    )
    return lookup


def test_a_domain_means_both_spellings_and_every_port() -> None:
    lookup = make_lookup("shop.example")
    for host in ("shop.example", "www.shop.example", "SHOP.example", "shop.example:8443"):
        assert lookup.is_allowed_host(KEY, host), host
        assert lookup.is_known_host(host), host


def test_no_other_host_is_meant() -> None:
    lookup = make_lookup("shop.example")
    for host in ("", "example", "my.shop.example", "shop.example.evil.test", "notshop.example"):
        assert not lookup.is_allowed_host(KEY, host), host
        assert not lookup.is_known_host(host), host
    assert not lookup.is_allowed_host("pk_live_two", "shop.example")


def test_a_form_is_off_when_its_site_is() -> None:
    found = make_lookup("shop.example").find_form(KEY, "enquiry")
    assert found is not None
    assert found.is_enabled
    found = make_lookup("shop.example", is_site_on=False).find_form(KEY, "enquiry")
    assert found is not None
    assert not found.is_enabled
    assert make_lookup().find_form(KEY, "other") is None
    assert make_lookup().find_form("other", "enquiry") is None


def test_a_path_to_thank_on_belongs_to_the_first_domain() -> None:
    def redirect(url: str, *hosts: str) -> str:
        content = {"fields": [], "redirectUrl": url}
        found = make_lookup(*hosts, content=content).find_form(KEY, "enquiry")
        assert found is not None
        return found.redirect_url

    assert redirect("/thanks", "shop.example", "b.example") == "https://shop.example/thanks"
    assert redirect("https://b.example/x", "shop.example") == "https://b.example/x"
    assert redirect("/thanks") == ""
    assert redirect("", "shop.example") == ""


def test_a_form_that_records_makes_its_site_record() -> None:
    asks = {"fields": [], "recordSession": True}
    for content, is_on, expected in (({}, True, False), (asks, True, True), (asks, False, False)):
        entry = make_lookup(content=content, is_site_on=is_on).find_site(KEY)
        assert entry is not None
        assert entry.records_sessions is expected


def test_a_key_of_an_integration_opens_its_project_only() -> None:
    lookup = make_lookup()
    assert lookup.find_integration("pg_int_secret") == 7
    for key in ("", "pg_int_other", "x" * 10_000):
        assert lookup.find_integration(key) is None
