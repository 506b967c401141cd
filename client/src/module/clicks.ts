import type { StartModule } from "../type/module.ts";
import { findElement } from "./find-element.ts";
import { listen } from "./listen.ts";
import { renderSelector } from "./render-selector.ts";

// A page that is clicked without end, a game for example, must not become a flood.
const MOST_CLICKS = 100;

/** Reports where people click, in pixels of the page. */
export const clicks: StartModule = (send) => {
  let count = 0;
  listen("click", (event) => {
    const element = findElement(event);
    // A click made by the keyboard has no place.
    if (!element || (!event.clientX && !event.clientY) || ++count > MOST_CLICKS) return;
    send("click_event", {
      x: Math.round(event.pageX),
      y: Math.round(event.pageY),
      element_selector: renderSelector(element),
      viewport_width: innerWidth,
      viewport_height: innerHeight,
    });
  });
  return () => {
    count = 0;
  };
};
