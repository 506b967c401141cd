import pytest

from footfall.config import parse_config
from footfall.errors import ConfigError


def test_defaults_are_valid() -> None:
    config = parse_config({})
    assert config.text("FOOTFALL_HOST") == "127.0.0.1"
    assert config.integer("FOOTFALL_PORT") == 8000
    assert config.trusted_proxies == ()


def test_every_problem_is_reported_at_once_with_the_bad_value() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(
            {
                "FOOTFALL_PORT": "eighty",
                "FOOTFALL_DUCKDB_THREADS": "0",
                "FOOTFALL_TRUSTED_PROXIES": "10.0.0.0/8, nonsense",
                "FOOTFALL_ALLOW_PRIVATE_WEBHOOKS": "maybe",
            }
        )
    assert caught.value.message.splitlines() == [
        "FOOTFALL_PORT: 'eighty' is no whole number",
        "FOOTFALL_ALLOW_PRIVATE_WEBHOOKS: 'maybe' is neither on nor off",
        "FOOTFALL_DUCKDB_THREADS: 0 is below 1",
        "FOOTFALL_TRUSTED_PROXIES: 'nonsense' is no network; write for example 10.0.0.0/8",
    ]


def test_setting_that_would_be_ignored_is_refused() -> None:
    with pytest.raises(ConfigError, match="leave it empty"):
        parse_config({"FOOTFALL_SHARED_URL": "redis://localhost:6379/0"})


def test_refuses_an_origin_that_is_none() -> None:
    with pytest.raises(ConfigError, match=r"ALLOWED_ORIGINS: 'shop\.example' is no origin"):
        parse_config({"ALLOWED_ORIGINS": "https://a.example, shop.example"})


def test_limits_origins_in_production_only() -> None:
    origins = {"ALLOWED_ORIGINS": "https://a.example/"}
    assert parse_config(origins).allowed_origins == ()
    produced = parse_config({**origins, "ENVIRONMENT": "production"})
    assert produced.allowed_origins == ("https://a.example",)
    assert parse_config({"ENVIRONMENT": "production"}).allowed_origins == ()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"FOOTFALL_SMTP_HOST": "smtp.example"}, "mail needs a sender"),
        ({"FOOTFALL_SMTP_SECURITY": "ssl"}, "'ssl' is not one of starttls, tls, none"),
        (
            {"FOOTFALL_SMTP_SECURITY": "none", "FOOTFALL_SMTP_USER": "me"},
            "would send the password in the clear",
        ),
    ],
)
def test_mail_settings_that_cannot_work_are_refused_at_start(
    settings: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence):
        parse_config({"FOOTFALL_SMTP_PASSWORD": "hush", **settings})
