"""Leads of an older version get what newer pages show of them."""

import json

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from footfall.store.relational import RelationalRecords
from tests.contract.test_leads import NOW_US, make_submission

BEFORE = "0012"


def _prepare(url: str) -> None:
    """Make the schema of the version before, with a lead, two forms and a move."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    config = Config()
    config.set_main_option("script_location", "footfall.store.relational:migrations")
    submission = {
        name: getattr(make_submission(1), name)
        for name in make_submission(1).__dataclass_fields__
        if name not in {"number", "client_id"}
    }
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
        connection.execute(
            text(
                "INSERT INTO projects (id, name, slug, domain, time_zone, settings, created_at_us,"
                " updated_at_us) VALUES ('p', 'p', 'p', '', 'UTC', '{}', 1, 1)"
            )
        )
        names = (
            *("status", "project_name", "contact_name", "contact_email", "contact_phone"),
            *("location", "source", "country", "city", "visitor_id", "session_id"),
            *("engagement_label", "name_key", "search_text"),
        )
        connection.execute(
            text(
                f"INSERT INTO leads (project, {', '.join(names)}, engagement_score,"
                " suspicion_score, submissions, created_at_us, last_submitted_at_us,"
                f" last_follow_up_at_us) VALUES (1, {', '.join(repr(name) for name in names)},"
                f" 0, 0, 2, 1, {NOW_US}, {NOW_US})"
            )
        )
        for form_id, reasons in (("first", "no_session"), ("second", "repeat_2")):
            row = {**submission, "lead": 1, "form_id": form_id, "suspicion_reasons": reasons}
            row |= {"day": 1, "is_timed": 0, "utm_campaign": f"of {form_id}"}
            columns = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            connection.execute(
                text(f"INSERT INTO lead_submissions ({columns}) VALUES ({values})"), row
            )
        body = json.dumps({"from": "new", "to": "won"})
        connection.execute(
            text(
                "INSERT INTO lead_activities (lead, kind, event, actor, crm_id, body,"
                " created_at_us) VALUES (1, 'status', 'won', 'admin', '', :body, :at)"
            ),
            {"body": body, "at": NOW_US + 5},
        )
    engine.dispose()


def test_leads_keep_what_their_forms_said(records_url: str) -> None:
    _prepare(records_url)
    records = RelationalRecords(records_url)
    records.setup()
    with records.transaction() as t:
        (lead,) = t.find("leads", {})
        forms = t.find("lead_submissions", {})
    records.close()
    assert (lead["form_id"], lead["utm_campaign"]) == ("first", "of first")
    assert lead["suspicion_reasons"] == "repeat_2"
    assert lead["last_activity_at_us"] == NOW_US + 5
    assert [form["client_id"] for form in forms] == [None, None]
