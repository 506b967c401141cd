// What pages do beyond links and forms: draw the chart, close menus, open the list as a dialog,
// copy code. Everything else works without it.
"use strict";

const charts = new Map();

function niceStep(unit, highest) {
  const wanted = highest / 4;
  if (unit === "seconds") {
    const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];
    return steps.find((step) => step >= wanted) ?? Math.ceil(wanted / 3600) * 3600;
  }
  const scale = 10 ** Math.floor(Math.log10(wanted || 1));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * scale).find((n) => n >= wanted - 1e-9);
  return unit === "count" ? Math.max(1, Math.ceil(step)) : step;
}

function axisText(unit, value) {
  if (unit === "percent") return `${+value.toFixed(1)} %`;
  if (unit === "seconds") {
    if (value >= 3600) return `${+(value / 3600).toFixed(1)}h`;
    return value >= 60 ? `${Math.floor(value / 60)}m${value % 60 ? ` ${value % 60}s` : ""}` : `${value}s`;
  }
  if (value >= 1e6) return `${+(value / 1e6).toFixed(2)}M`;
  return value >= 1e4 ? `${+(value / 1e3).toFixed(1)}k` : (+value.toFixed(2)).toLocaleString("en-US");
}

function line(name, text, key, soft) {
  const row = document.createElement("div");
  const label = document.createElement("span");
  const mark = document.createElement("i");
  const figure = document.createElement("b");
  mark.className = `key ${key}`;
  label.append(mark, name);
  figure.textContent = text;
  row.append(label, figure);
  if (soft) row.className = "soft";
  return row;
}

function makeTip(drawing, index) {
  const point = drawing.points[index];
  const tip = document.createElement("div");
  tip.className = "tip";
  const title = document.createElement("p");
  title.textContent = point.label + (point.is_partial ? " · so far" : "");
  tip.append(title);
  if (point.text) tip.append(line(drawing.title, point.text, "now", false));
  if (drawing.has_before) tip.append(line("Before", point.before_text, "before", true));
  return tip;
}

function makeOption(drawing) {
  const points = drawing.points;
  const running = points.findIndex((p) => p.is_partial && p.value !== null);
  const edge = points.length > 1 && running === points.length - 1 ? running : points.findLastIndex((p) => p.is_partial && p.value !== null);
  const isLone = points.filter((p) => p.value !== null).length === 1;
  const solid = points.map((p, i) => (i === edge && !isLone ? null : p.value));
  const dotted = points.map((p, i) => (edge > 0 && (i === edge || i === edge - 1) ? p.value : null));
  const all = points.flatMap((p) => [p.value ?? 0, p.before ?? 0]);
  const highest = drawing.unit === "percent" ? Math.min(100, Math.max(...all) || 100) : Math.max(...all);
  const step = niceStep(drawing.unit, highest || 4);
  const common = { type: "line", silent: true, animation: false, connectNulls: false, emphasis: { disabled: true }, symbol: "none" };
  const lone = { symbol: "circle", symbolSize: 7 };
  return {
    animation: false,
    textStyle: { fontFamily: "Inter, system-ui, sans-serif" },
    grid: { left: 4, right: 12, top: 12, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: {
      type: "category",
      boundaryGap: false,
      data: points.map((p) => p.tick),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: "var(--soft)", fontSize: 12, margin: 10, hideOverlap: true, alignMinLabel: "left", alignMaxLabel: "right" },
    },
    yAxis: {
      type: "value",
      min: 0,
      max: Math.max(step, Math.ceil((highest - 1e-9) / step) * step),
      interval: step,
      axisLabel: { color: "var(--soft)", fontSize: 12, formatter: (v) => axisText(drawing.unit, v) },
      splitLine: { lineStyle: { color: "var(--line)" } },
    },
    tooltip: {
      trigger: "axis",
      confine: true,
      transitionDuration: 0,
      padding: 0,
      borderWidth: 0,
      backgroundColor: "transparent",
      extraCssText: "box-shadow:none;",
      axisPointer: { type: "line", lineStyle: { color: "var(--before)", type: "solid", width: 1 } },
      formatter: (items) => makeTip(drawing, items[0].dataIndex),
    },
    series: [
      { ...common, data: points.map((p) => p.before), lineStyle: { color: "var(--before)", width: 1.5, type: [4, 4] }, itemStyle: { color: "var(--before)" } },
      { ...common, data: solid, lineStyle: { color: "var(--accent)", width: 2, join: "round" }, itemStyle: { color: "var(--accent)" }, areaStyle: { color: "var(--accent-wash)", opacity: 0.6 }, ...(isLone ? lone : {}) },
      { ...common, data: dotted, lineStyle: { color: "var(--accent)", width: 2, type: [2, 4] }, itemStyle: { color: "var(--accent)" } },
    ],
  };
}

function drawCharts() {
  for (const [element, chart] of charts) {
    if (!element.isConnected) {
      chart.instance.dispose();
      charts.delete(element);
    }
  }
  for (const element of document.querySelectorAll("[data-chart]")) {
    const known = charts.get(element);
    if (known?.source === element.dataset.chart) continue;
    const instance = known?.instance ?? echarts.init(element, null, { renderer: "svg" });
    charts.set(element, { instance, source: element.dataset.chart });
    instance.setOption(makeOption(JSON.parse(element.dataset.chart)), true);
    if (!known) new ResizeObserver(() => element.isConnected && instance.resize()).observe(element);
  }
}

// A piece that came alone changes the state of the whole page: bring it into the other links.
function spreadState(target) {
  const piece = target?.closest?.("[data-state-name]");
  if (!piece) return;
  const states = [[piece.dataset.stateName, piece.dataset.stateValue], [piece.dataset.state2Name, piece.dataset.state2Value]];
  for (const link of document.querySelectorAll("#view a[href], #view [hx-get]")) {
    for (const attribute of ["href", "hx-get"]) {
      const address = link.getAttribute(attribute);
      if (!address || piece.contains(link)) continue;
      const url = new URL(address, location.href);
      for (const [name, value] of states) {
        if (!name) continue;
        if (value) url.searchParams.set(name, value);
        else url.searchParams.delete(name);
      }
      link.setAttribute(attribute, url.pathname + url.search);
    }
  }
}

function say(text) {
  document.getElementById("said").textContent = text;
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details.menu"));
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    navigator.clipboard.writeText(document.getElementById(copy.dataset.copy).textContent);
    copy.textContent = "Copied";
    setTimeout(() => (copy.textContent = "Copy"), 1600);
  }
  if (event.target.id === "dialog") event.target.close();
  if (event.target.closest("#dialog .rows a")) document.getElementById("dialog").close();
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (event.key === "Escape" && menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  if (event.target.matches?.('[role="button"]') && event.key === " ") {
    event.preventDefault();
    event.target.click();
  }
  const tab = event.target.closest?.('[role="tab"]');
  const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (tab && move) {
    const tabs = [...tab.parentElement.querySelectorAll('[role="tab"]')];
    const next = tabs[(tabs.indexOf(tab) + move + tabs.length) % tabs.length];
    event.preventDefault();
    next.focus();
    next.click();
  }
});

document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail.ctx.target;
  drawCharts();
  spreadState(target);
  if (target?.id === "dialog-body") {
    const dialog = document.getElementById("dialog");
    if (!dialog.open) dialog.showModal();
  }
  if (target?.id === "view") {
    closeMenus(null);
    say("Figures updated");
  }
});

document.addEventListener("htmx:error", () => {
  const alarm = document.getElementById("alarm");
  alarm.hidden = false;
  setTimeout(() => (alarm.hidden = true), 6000);
});

// Groups of the navigation stay folded from page to page; the one of the open page never is.
function foldGroups() {
  const folded = new Set(JSON.parse(localStorage.getItem("folded") ?? "[]"));
  for (const group of document.querySelectorAll(".nav-group")) {
    group.open = !folded.has(group.dataset.group) || Boolean(group.querySelector("[aria-current]"));
    group.querySelector("summary").addEventListener("click", () => {
      if (group.open) folded.add(group.dataset.group);
      else folded.delete(group.dataset.group);
      localStorage.setItem("folded", JSON.stringify([...folded]));
    });
  }
}

document.addEventListener("DOMContentLoaded", drawCharts);
document.addEventListener("DOMContentLoaded", foldGroups);
