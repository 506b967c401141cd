"""Surveys as the pages need them, off the event loop: the room and its records block."""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec

from footfall.model.time_range import TimeRange
from footfall.projects.project import Project
from footfall.projects.register import Projects
from footfall.surveys.definition import Definition
from footfall.surveys.register import Surveys
from footfall.surveys.response import Response, Responses
from footfall.surveys.statistic import Figures, count_responses
from footfall.surveys.survey import Survey
from footfall.surveys.table import render_csv

MODULE = "surveys"


class SurveyDesk:
    """Everything that pages do with surveys."""

    def __init__(self, surveys: Surveys, responses: Responses, projects: Projects) -> None:
        self._surveys = surveys
        self._responses = responses
        self._projects = projects

    def is_on(self, project: Project) -> bool:
        """Tell whether the project shows surveys and takes responses."""
        entry = self._projects.directory.find_number(project.number)
        return entry is not None and MODULE in entry.writable_modules & entry.readable_modules

    async def switch_on(self, project: Project) -> None:
        """Let the project show surveys and take responses; its other settings stay."""
        current = self._projects.find(project.id)
        settings: dict[str, Any] = msgspec.json.decode(current.settings)
        state = {"enabled": True, "access": "all"}
        modules = settings.get("modules") or {}
        if isinstance(modules, list):
            modules = [*modules, {"name": MODULE, **state}]
        else:
            modules = {**modules, MODULE: state}
        changed = {**settings, "modules": modules}
        await asyncio.to_thread(self._projects.save_settings, project.id, changed)

    async def list_surveys(self, project: Project) -> Sequence[Survey]:
        """Return the surveys of a project, newest first."""
        return await asyncio.to_thread(self._surveys.list_surveys, project.number)

    async def find(self, project: Project, survey_id: str) -> Survey:
        """Return a survey of a project. Raises NotFoundError."""
        return await asyncio.to_thread(self._surveys.find, project.number, survey_id)

    async def create(self, project: Project, definition: Definition) -> Survey:
        """Create a survey. Raises InvalidInputError."""
        return await asyncio.to_thread(self._surveys.create, project.number, definition)

    async def save(self, survey: Survey, definition: Definition) -> Survey:
        """Change a survey. Raises InvalidInputError."""
        return await asyncio.to_thread(self._surveys.save, survey, definition)

    async def set_status(self, survey: Survey, status: str) -> Survey:
        """Put a survey into a state. Raises InvalidInputError."""
        return await asyncio.to_thread(self._surveys.set_status, survey, status)

    async def remove(self, survey: Survey) -> None:
        """Delete a survey and its responses."""
        await asyncio.to_thread(self._surveys.remove, survey)

    async def count(self, survey: Survey, period: TimeRange | None) -> Figures:
        """Return the figures of a survey in a period; None: of all time."""

        def count() -> Figures:
            return count_responses(survey.definition, self._responses.scan(survey, period))

        return await asyncio.to_thread(count)

    async def list_responses(
        self, survey: Survey, period: TimeRange | None, *, limit: int, offset: int
    ) -> tuple[list[Response], int]:
        """Return responses of a period, newest first, and how many there are."""
        return await asyncio.to_thread(
            self._responses.list_responses, survey, period, limit=limit, offset=offset
        )

    async def render_csv(self, survey: Survey, period: TimeRange | None) -> str:
        """Return every response of a period as comma-separated values."""

        def render() -> str:
            return "".join(render_csv(survey.definition, self._responses.scan(survey, period)))

        return await asyncio.to_thread(render)
