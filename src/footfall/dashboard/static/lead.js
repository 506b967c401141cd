// The pipeline by mouse: a card that is dropped on a stage sends the form of its own menu, so that a
// move is the same however it is made. Afterwards the keyboard goes on where it was.
"use strict";

let flying = null;

const stageOf = (event) => (flying ? event.target.closest?.(".stage") : null);

function aimAt(stage) {
  for (const other of document.querySelectorAll(".stage.aims")) other.classList.toggle("aims", other === stage);
  stage?.classList.add("aims");
}

document.addEventListener("dragstart", (event) => {
  flying = event.target.closest?.(".lead-card") ?? null;
  if (!flying) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
  flying.classList.add("flies");
});

document.addEventListener("dragover", (event) => {
  const stage = stageOf(event);
  aimAt(stage && stage.dataset.stage !== flying.dataset.stage ? stage : null);
  if (stage) event.preventDefault();
});

document.addEventListener("drop", (event) => {
  const stage = stageOf(event);
  if (!stage) return;
  event.preventDefault();
  if (stage.dataset.stage === flying.dataset.stage) return;
  flying.querySelector(`.stage-choice[value="${stage.dataset.stage}"]`).click();
});

document.addEventListener("dragend", () => {
  flying?.classList.remove("flies");
  flying = null;
  aimAt(null);
});

let areFiltersOpen = false;

document.addEventListener("htmx:before:swap", () => {
  areFiltersOpen = Boolean(document.querySelector(".lead-more[open]"));
});

document.addEventListener("htmx:after:swap", (event) => {
  const area = document.getElementById("leads");
  if (event.detail.ctx.target?.id !== "leads" || !area) return;
  // Whoever chose one filter may want another.
  const filters = area.querySelector(".lead-more");
  if (filters && areFiltersOpen) filters.open = true;
  if (!area.dataset.moved) return;
  document.getElementById("said").textContent = area.dataset.said;
  const menu = document.getElementById(`move-${area.dataset.moved}`);
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus({ preventScroll: true });
  }
});
