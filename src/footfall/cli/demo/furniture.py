"""What the demo's projects own beside their history: modules that are on, goals, funnels, an
experiment that began with the history, and a survey. What is there already stays as it is."""

from typing import Protocol

from footfall.cli.demo.journey import BUTTON, BUTTON_VARIANTS
from footfall.clock import FixedClock
from footfall.experiments.experiment import Plan, Variant
from footfall.experiments.register import Experiments
from footfall.projects.module import MODULES, ModuleChange
from footfall.projects.project import Project
from footfall.reports.definition import Funnels, Goals
from footfall.reports.funnel import FunnelStep
from footfall.reports.query import GoalFilter
from footfall.store.records import Records
from footfall.surveys.definition import Definition, Question, Trigger
from footfall.surveys.register import Surveys

SURVEY_NAME = "After the purchase"

_SURVEY = Definition(
    SURVEY_NAME,
    (
        Question(
            *("ease", "rating", "How easy was it to buy here?"),
            min=1,
            max=5,
            min_label="Hard",
            max_label="Easy",
        ),
        Question(
            *("found", "single_choice", "How did you find us?"),
            options=("Search", "A friend", "Social media", "Newsletter"),
        ),
        Question("again", "yes_no", "Would you buy here again?"),
    ),
    Trigger(pages=("/thanks",)),
)

_Goals = tuple[tuple[str, GoalFilter], ...]
_Funnels = tuple[tuple[str, tuple[FunnelStep, ...]], ...]


def _see(label: str, page: str) -> FunnelStep:
    return FunnelStep(label, GoalFilter(page=page))


def _send(label: str, event: str) -> FunnelStep:
    return FunnelStep(label, GoalFilter(event=event))


_GOALS: dict[str, _Goals] = {
    "Demo shop": (
        ("Purchase", GoalFilter(event="purchase")),
        ("Put something into the cart", GoalFilter(event="add_to_cart")),
        ("Looked at a product", GoalFilter(page="/product/*")),
        ("Stayed two minutes", GoalFilter(min_duration_s=120)),
    ),
    "Demo docs": (
        ("Trial started", GoalFilter(event="start_trial")),
        ("Saw the prices", GoalFilter(page="/pricing")),
        ("Read five pages", GoalFilter(min_pageviews=5)),
    ),
    "Demo journal": (
        ("Subscribed", GoalFilter(event="subscribe")),
        ("Shared an article", GoalFilter(event="share")),
    ),
}

_FUNNELS: dict[str, _Funnels] = {
    "Demo shop": (
        (
            "From product to purchase",
            (
                _see("Sees a product", "/product/*"),
                _send("Puts it into the cart", "add_to_cart"),
                _see("Sees the cart", "/cart"),
                _see("Begins the checkout", "/checkout/address"),
                _send("Buys", "purchase"),
            ),
        ),
        (
            "From the sale to the cart",
            (_see("Sees the sale", "/category/sale"), _send("Puts into the cart", "add_to_cart")),
        ),
    ),
    "Demo docs": (
        (
            "From reading to a trial",
            (
                _see("Reads the quickstart", "/quickstart"),
                _see("Sees the prices", "/pricing"),
                _send("Starts a trial", "start_trial"),
            ),
        ),
    ),
}


class ModuleSwitch(Protocol):
    """What of the room `projects` is needed here. Calls block."""

    def find(self, reference: str) -> Project:
        """Return a project by its name. Raises NotFoundError."""
        ...

    def save_modules(self, project: Project, changes: list[tuple[str, ModuleChange]]) -> Project:
        """Switch modules."""
        ...


def furnish(records: Records, projects: ModuleSwitch, names: list[str], start_us: int) -> str:
    """Give the projects of these names what they lack, as of the start of the history; return the
    id of the shop's survey. Blocks."""
    clock = FixedClock(start_us)
    on = [(m.name, ModuleChange(is_enabled=True, access="all")) for m in MODULES]
    for name in names:
        project = projects.find(name)
        projects.save_modules(project, on)
        goals, funnels = Goals(records, clock), Funnels(records, clock)
        if not goals.list_saved(project.number):
            for title, goal in _GOALS.get(name, ()):
                goals.create(project.number, title, goal)
        if not funnels.list_saved(project.number):
            for title, steps in _FUNNELS.get(name, ()):
                funnels.create(project.number, title, steps)
    shop = projects.find(names[0]).number
    _make_experiment(Experiments(records, clock), shop)
    return _find_survey(Surveys(records, clock), shop)


def _make_experiment(experiments: Experiments, shop: int) -> None:
    if any(e.id == BUTTON for e in experiments.list_experiments(shop)):
        return
    first, second = BUTTON_VARIANTS
    variants = (
        Variant(first, "Checkout in three steps", 50, is_control=True),
        Variant(second, "Checkout on one page", 50),
    )
    plan = Plan("Shorter checkout", variants, id=BUTTON, metric="purchase", status="running")
    experiments.create(shop, plan)


def _find_survey(surveys: Surveys, shop: int) -> str:
    for survey in surveys.list_surveys(shop):
        if survey.definition.name == SURVEY_NAME:
            return survey.id
    made = surveys.create(shop, _SURVEY)
    return surveys.set_status(made, "active").id
