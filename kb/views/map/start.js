// Joins the parts: what happens when something changes, the keys of the whole page, light and dark, print.

function render() {
  findHighlighted();
  orderLinks();
  renderSpots();
  renderTables();
  const open = view.spot !== null ? `spot-${view.spot}` : view.link !== null ? `relation-${view.link}` : "";
  Object.assign(document.body.dataset, {open, chain: view.chain ?? "", state: view.state});
  network.redraw();
}

// --- states ----------------------------------------------------------------------------------------------------------

function switchState(event) {
  view.state = Number(event.target.value);
  sift();
  const {spot, link} = view;
  if (spot !== null) openSpot(spot);
  else if (link !== null) openLink(link);
  else render();
  byId("state-text").replaceChildren(name(data.states[view.state].text));
  announce(data.states[view.state].text);
}

// --- keys ------------------------------------------------------------------------------------------------------------

const KEYS = {
  "/": () => byId("search").focus(),
  "Escape": close,
  "+": () => zoomBy(1.3),
  "-": () => zoomBy(1 / 1.3),
  "0": () => fit(),
};

function pressed(event) {
  const typing = event.target.matches("input[type=search], input[type=text], select, textarea");
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS) || (typing && event.key !== "Escape")) return;
  event.preventDefault();
  KEYS[event.key]();
}

// --- light and dark --------------------------------------------------------------------------------------------------

const darkSystem = matchMedia("(prefers-color-scheme: dark)");

const isDark = () => (document.documentElement.dataset.theme ?? (darkSystem.matches ? "dark" : "light")) === "dark";

function repaint() {
  byId("theme").setAttribute("aria-pressed", String(isDark()));
  readInks();
  network.redraw();
}

function switchTheme() {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  repaint();
}

/** Paper is white and shows everything; the page is as it was afterwards. */
function startPrint() {
  let before;
  addEventListener("beforeprint", () => {
    before = document.documentElement.dataset.theme;
    document.documentElement.dataset.theme = "light";
    fit();
    repaint();
  });
  addEventListener("afterprint", () => {
    if (before === undefined) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = before;
    repaint();
  });
}

// --- start -----------------------------------------------------------------------------------------------------------

/** The picture is drawn before the rest of the page is there, which is long where there are many relations. */
function startEarly() {
  showParts();
  makeSpots();
  showPicture();
  requestAnimationFrame(() => performance.mark("picture"));
}

function showParts() {
  for (const part of document.querySelectorAll(".needs-script")) part.hidden = false;
}

function start() {
  showParts();
  byId("controls").addEventListener("submit", event => event.preventDefault());
  for (const radio of document.querySelectorAll("#state input")) radio.addEventListener("change", switchState);
  byId("theme").addEventListener("click", switchTheme);
  darkSystem.addEventListener("change", repaint);
  document.addEventListener("keydown", pressed);
  startPicture();
  startSpots();
  startFilters();
  startPanel();
  startTables();
  startSearch();
  startPrint();
  byId("theme").setAttribute("aria-pressed", String(isDark()));
  render();
  document.documentElement.dataset.ready = "true";
}

startEarly();
document.addEventListener("DOMContentLoaded", start);
