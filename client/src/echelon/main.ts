import { askConsent } from "./consent.ts";
import { watchForms } from "./form.ts";
import { watchHistory } from "./history.ts";
import { watchHover } from "./hover.ts";
import { watchInteraction } from "./interaction.ts";
import { watchClicks } from "./link.ts";
import { watchScroll } from "./scroll.ts";
import { isOn } from "./setting.ts";
import { watchStay } from "./stay.ts";
import { track } from "./track.ts";
import { view } from "./view.ts";
import { watchVitals } from "./vital.ts";

const start = (): void => {
  let hasActed = false;
  watchInteraction((after_ms) => {
    hasActed = true;
    void view(after_ms);
  });
  watchStay(() => hasActed);
  const turnScroll = isOn("scroll") ? watchScroll() : () => {};
  watchHistory(() => {
    hasActed = true;
    turnScroll();
    void view("spa");
  });
  watchClicks();
  if (isOn("hover")) watchHover();
  if (isOn("forms")) watchForms();
  if (isOn("vitals")) watchVitals();
  if (document.body) askConsent();
  else addEventListener("DOMContentLoaded", askConsent);
};

if (!self.__echelon) {
  self.__echelon = true;
  self.echelon = { track };
  // A page that is rendered ahead is not looked at yet.
  const page = document as Document & { prerendering?: boolean };
  if (page.prerendering) page.addEventListener("prerenderingchange", start, { once: true });
  else start();
}
