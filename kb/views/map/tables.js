// The tables that say what the picture shows: kept in step with filters and states, sorted by a press on a heading.

const rows = {spots: [], links: [], ranking: [], chains: []};

function renderTables() {
  for (const row of rows.spots) renderSpotRow(row, Number(row.dataset.spot));
  for (const row of rows.links) renderLinkRow(row, Number(row.dataset.link));
  byId("agents").querySelector(".count").textContent = saidOfRows(passing.spots);
  byId("relations").querySelector(".count").textContent = saidOfRows(passing.links);
  renderRanking();
  byId("chains-when").textContent = view.state ? data.states[0].name : "";
  for (const row of rows.chains) renderChain(row, Number(row.dataset.chain));
}

function saidOfRows(flags) {
  const passed = countOf(flags);
  return passed === flags.length ? `(${passed})` : `(${passed} of ${flags.length})`;
}

function renderSpotRow(row, index) {
  row.hidden = !passing.spots[index];
  row.classList.toggle("open", view.spot === index);
  if (!data.states.length) return;
  const {size} = sizeOf(index);
  const cell = row.querySelector(".size");
  cell.textContent = figure(size);
  cell.dataset.value = size ?? -1;
}

function renderLinkRow(row, index) {
  row.hidden = !passing.links[index];
  row.classList.toggle("open", view.link === index);
  row.classList.toggle("severed", isSevered(index));
}

/** Bars of the state that is looked at, the greatest first. */
function renderRanking() {
  if (!rows.ranking.length) return;
  const most = data.probabilities ? 1 : Math.max(...data.spots.map(spot => spot.size ?? 0), 1e-9);
  for (const row of rows.ranking) {
    const index = Number(row.dataset.spot);
    const size = sizeOf(index).size ?? 0;
    row.hidden = !passing.spots[index];
    row.querySelector(".figure").textContent = figure(size);
    row.querySelector("rect").setAttribute("width", String(100 * size / most));
  }
  const sizes = row => sizeOf(Number(row.dataset.spot)).size ?? 0;
  byId("ranking").append(...[...rows.ranking].sort((one, other) => sizes(other) - sizes(one)));
}

function renderChain(row, index) {
  const chain = data.chains[index];
  row.hidden = !chain.spots.every(spot => passing.spots[spot]) || !chain.links.every(link => passing.links[link]);
  row.classList.toggle("open", view.chain === index);
  row.querySelector(".pick").setAttribute("aria-current", String(view.chain === index));
}

// --- sorting ---------------------------------------------------------------------------------------------------------

function makeSortable(table) {
  for (const [column, cell] of [...table.querySelectorAll("thead th")].entries()) {
    const button = element("button", {type: "button", className: "sort"}, ...cell.childNodes);
    cell.replaceChildren(button);
    button.addEventListener("click", () => sortBy(table, cell, column));
  }
}

function sortBy(table, heading, column) {
  const order = heading.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
  for (const other of table.querySelectorAll("thead th")) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", order);
  const keyed = [...table.tBodies[0].rows].map(row => ({row, key: keyOf(row.cells[column])}));
  const sign = order === "ascending" ? 1 : -1;
  keyed.sort((one, other) => sign * compare(one.key, other.key));
  table.tBodies[0].append(...keyed.map(({row}) => row));
  announce(`Sorted by ${heading.textContent}, ${order}.`);
}

const keyOf = cell => cell.dataset.value === undefined ? cell.textContent : Number(cell.dataset.value);

const collator = new Intl.Collator("en", {numeric: true});

const compare = (one, other) => typeof one === "number" ? one - other : collator.compare(one, other);

function startTables() {
  rows.spots = [...document.querySelectorAll("#agents tbody tr")];
  rows.links = [...document.querySelectorAll("#relations tbody tr")];
  rows.ranking = [...document.querySelectorAll("#ranking > li")];
  rows.chains = [...document.querySelectorAll("#chains > li")];
  makeSortable(byId("agents"));
  makeSortable(byId("relations"));
}
