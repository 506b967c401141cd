"""Routes of registered campaigns."""

import asyncio
from typing import Any, Final

import msgspec
from litestar import Request, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation

from footfall.dialects.echelon.access import READ, WRITE
from footfall.dialects.echelon.body import read_json
from footfall.dialects.echelon.render import render_time
from footfall.dialects.echelon.site import DEFAULT_SITE, find_project, parse_site
from footfall.errors import ConflictError, InvalidInputError, NotFoundError
from footfall.http.api_document import takes
from footfall.projects.campaign import Campaign, Campaigns
from footfall.projects.directory import Directory

LIST_LIMIT = 200
"""[original]"""

TheCampaigns = NamedDependency[SkipValidation[Campaigns]]
TheDirectory = NamedDependency[SkipValidation[Directory]]
AnyRequest = Request[Any, Any, Any]
Id = FromPath[str]


class CampaignBody(msgspec.Struct):
    """A campaign as lists show it."""

    id: str
    name: str
    utm_campaign: str
    site_id: str
    status: str
    created_at: str


class CreateCampaign(msgspec.Struct):
    """A campaign to register."""

    id: str
    name: str
    utm_campaign: str
    site_id: str = DEFAULT_SITE


class ChangeStatus(msgspec.Struct):
    """A change of status."""

    status: str


class Created(msgspec.Struct):
    """What was created."""

    created: str


class Updated(msgspec.Struct):
    """What was changed."""

    updated: str


class Deleted(msgspec.Struct):
    """What was removed."""

    deleted: str


_CREATE: Final = msgspec.json.Decoder(CreateCampaign)
_STATUS: Final = msgspec.json.Decoder(ChangeStatus)


@get("/api/campaigns", opt=READ, summary="List campaigns")
async def list_campaigns(campaigns: TheCampaigns) -> list[CampaignBody]:
    """List registered campaigns, newest first."""
    found = await asyncio.to_thread(campaigns.list_campaigns, limit=LIST_LIMIT)
    return [render_campaign(campaign) for campaign in found]


@post(
    "/api/campaigns",
    opt=takes(WRITE, CreateCampaign),
    status_code=201,
    summary="Register a campaign",
)
async def create_campaign(
    request: AnyRequest, campaigns: TheCampaigns, directory: TheDirectory
) -> Created:
    """Register a campaign; it is active at once."""
    body = await read_json(request, _CREATE)
    site = parse_site(body.site_id)
    if not site:
        raise InvalidInputError(
            f"site_id '{body.site_id[:40]}' must be 1 to 64 letters, digits, '.', '_' or '-'",
            field="site_id",
        )
    entry = find_project(directory, site)
    if entry is None:
        raise NotFoundError("Project", site)
    try:
        made = await asyncio.to_thread(
            campaigns.create,
            entry.project.number,
            body.id,
            name=body.name,
            utm_campaign=body.utm_campaign,
            site=site,
        )
    except ConflictError:
        raise ConflictError(
            f"'{body.id}' is registered, or '{body.utm_campaign}' is on site '{site}'."
        ) from None
    return Created(made.id)


@get("/api/campaigns/{campaign_id:str}", opt=READ, summary="Get a campaign")
async def get_campaign(campaign_id: Id, campaigns: TheCampaigns) -> CampaignBody:
    """Return one campaign."""
    return render_campaign(await asyncio.to_thread(campaigns.find, campaign_id))


@patch(
    "/api/campaigns/{campaign_id:str}",
    opt=takes(WRITE, ChangeStatus),
    summary="Change a campaign's status",
)
async def change_campaign(request: AnyRequest, campaign_id: Id, campaigns: TheCampaigns) -> Updated:
    """Change a campaign's status."""
    body = await read_json(request, _STATUS)
    await asyncio.to_thread(campaigns.change_status, campaign_id, body.status)
    return Updated(campaign_id)


@delete("/api/campaigns/{campaign_id:str}", opt=WRITE, status_code=200, summary="Remove a campaign")
async def remove_campaign(campaign_id: Id, campaigns: TheCampaigns) -> Deleted:
    """Forget a campaign; what it brought stays counted."""
    await asyncio.to_thread(campaigns.remove, campaign_id)
    return Deleted(campaign_id)


def render_campaign(campaign: Campaign) -> CampaignBody:
    """Return a campaign in Echelon's words."""
    return CampaignBody(
        campaign.id,
        campaign.name,
        campaign.utm_campaign,
        campaign.site,
        campaign.status,
        render_time(campaign.created_at_us),
    )


CAMPAIGN_ROUTES = (
    list_campaigns,
    create_campaign,
    get_campaign,
    change_campaign,
    remove_campaign,
)
