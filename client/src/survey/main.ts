import { guard } from "../module/guard.ts";
import { listen } from "../module/listen.ts";
import type { Answers, StartSurveys, Survey } from "../type/survey.ts";
import { arm, awaited, type Disarm } from "./arm.ts";
import { matchPage } from "./match-page.ts";
import { isWelcome, remember } from "./memory.ts";
import { openPanel, type Panel } from "./panel.ts";

// A single-page app may stay open for days; surveys begin and end meanwhile.
const FRESH_MS = 6e5;

const isWanted = ({ id, trigger_config: { pages, show_once, sample_percent } }: Survey): boolean =>
  matchPage(location.pathname, pages) && isWelcome(id, show_once !== false, sample_percent ?? 100);

/** Hears of the site's own events, which come by the global function. */
const watchEvents = (): void => {
  const original = self.pulse;
  if (!original) return;
  self.pulse = (...call) => {
    original(...call);
    guard(() => {
      const [action, first] = call;
      const name = typeof first == "object" ? (first as { name?: unknown })?.name : first;
      if (action == "event") awaited.get(name as string)?.forEach((show) => show());
    })();
  };
};

/** Shows the project's surveys to the visitors they are for, one at a time. */
const startSurveys: StartSurveys = (send, key) => {
  let surveys: Survey[] = [];
  let read_ms = -Infinity;
  let open: { panel: Panel; survey: Survey; isAnswered?: boolean } | undefined;
  let disarms: Disarm[] = [];

  const report = (survey: Survey, answers: Answers, completed: boolean): void =>
    send("survey_response", {
      survey_id: survey.id,
      answers: [...answers].map(([question_id, value]) => ({ question_id, value })),
      completed,
    });
  const disarm = (): void => {
    disarms.forEach((one) => one());
    disarms = [];
  };
  const show = (survey: Survey): void => {
    // A tag that stands twice in a page starts twice.
    if (document.querySelector("[data-footfall-survey]") || !isWanted(survey)) return;
    disarm();
    remember(survey.id, { shown: Date.now() });
    const panel = openPanel(survey, {
      onAnswer: (answers, isCompleted) => {
        remember(survey.id, { closed: Date.now() });
        report(survey, answers, isCompleted);
        if (open) open.isAnswered = true;
      },
      onClose: () => {
        remember(survey.id, { closed: Date.now() });
        open = undefined;
      },
    });
    open = { panel, survey };
  };
  const evaluate = (): void => {
    disarm();
    if (open) {
      // Who has begun to answer may finish wherever they go.
      if (open.panel.answers.size || matchPage(location.pathname, open.survey.trigger_config.pages))
        return;
      open.panel.remove();
      open = undefined;
    }
    disarms = surveys
      .filter(isWanted)
      .map((survey) => arm(survey.trigger_config, guard(() => show(survey))));
  };
  const look = async (): Promise<void> => {
    if (performance.now() - read_ms > FRESH_MS) {
      read_ms = performance.now();
      try {
        const address = new URL("../v1/surveys/active?key=" + encodeURIComponent(key), import.meta.url);
        const answer = await fetch(address);
        if (answer.ok) surveys = (await answer.json()).data;
      } catch {}
    }
    guard(evaluate)();
  };

  // Who leaves the page midway has still said something; who comes back from there may go on.
  listen("pagehide", () => {
    if (open && !open.isAnswered && open.panel.answers.size)
      report(open.survey, open.panel.answers, false);
  });
  watchEvents();
  look();
  return () => void look();
};

export default startSurveys;
export { openPanel };
