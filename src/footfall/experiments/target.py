"""Which pages an experiment is meant for. The script of GradeMyPage decides the same in the
browser; the rule is its document's."""

from urllib.parse import urlsplit

from footfall.experiments.experiment import Experiment


def is_targeted(experiment: Experiment, url: str) -> bool:
    """Tell whether an experiment is meant for a page: `all` always; else its target is compared
    with the URL without its fragment and with the path alone, `exact` without one slash at the
    end."""
    target, match = experiment.target_url, experiment.url_match
    if match == "all":
        return True
    whole = url.partition("#")[0]
    pages = (whole, urlsplit(whole).path)
    if match == "exact":
        return target.removesuffix("/") in {page.removesuffix("/") for page in pages}
    if match == "contains":
        return any(target in page for page in pages)
    return any(page.startswith(target) for page in pages)
