// Which spots and links pass the filters. What does not pass stays in the picture as a shadow, so that nothing jumps, and
// leaves the tables.

/** For each spot and each link whether it passes. */
const passing = {spots: data.spots.map(() => true), links: data.links.map(() => true)};

const FILTERS = ["layer", "channel", "threat", "severity", "probability"];

const has = (values, wanted) => !wanted || values.includes(wanted);

/** What is unknown is not known to reach the least probability, so it does not pass where one is asked for. */
const reaches = (value, least) => !least || (value !== null && value >= least);

function spotPasses(spot, index) {
  const {layer, threat, severity, probability} = view.filters;
  return has(spot.layers, layer) && has(spot.threats, threat)
    && (!severity || (spot.severity ?? "unknown") === severity)
    && (!data.probabilities || reaches(sizeOf(index).size, probability));
}

function linkPasses(link) {
  const {layer, channel, threat, probability} = view.filters;
  return (!channel || link.channel === channel)
    && (link.layers.length === 0 || has(link.layers, layer))
    && (link.threats.length === 0 || has(link.threats, threat))
    && (link.probability === null || reaches(link.probability, probability));
}

/** A link needs both its ends; and where a channel is asked for, a spot needs a link. */
function sift() {
  const own = data.spots.map(spotPasses);
  passing.links = data.links.map(link => own[link.source] && own[link.target] && linkPasses(link));
  passing.spots = own.map((passes, index) => passes && (!view.filters.channel || hasPassingLink(index)));
}

function hasPassingLink(spot) {
  const {into, out} = around[spot];
  return into.some(link => passing.links[link]) || out.some(link => passing.links[link]);
}

const countOf = flags => flags.filter(Boolean).length;

function saidOfFilters() {
  return `${countOf(passing.spots)} of ${data.spots.length} agents and `
    + `${countOf(passing.links)} of ${data.links.length} relations pass the filters`;
}

function readFilters() {
  for (const filter of FILTERS) {
    const field = byId(`filter-${filter}`);
    if (field) view.filters[filter] = field.type === "range" ? Number(field.value) : field.value;
  }
  const set = FILTERS.filter(filter => view.filters[filter]).length;
  byId("filters-set").textContent = set ? `(${set})` : "";
  const least = byId("filter-probability-said");
  if (least) least.textContent = figure(view.filters.probability);
  sift();
  render();
  announce(saidOfFilters());
}

function resetFilters() {
  for (const filter of FILTERS) {
    const field = byId(`filter-${filter}`);
    if (field) field.value = field.type === "range" ? 0 : "";
  }
  readFilters();
}

function startFilters() {
  for (const filter of FILTERS) byId(`filter-${filter}`)?.addEventListener("input", readFilters);
  byId("filter-reset").addEventListener("click", resetFilters);
  document.addEventListener("pointerdown", event => {
    if (!byId("filters").contains(event.target)) byId("filters").open = false;
  });
  byId("filters").addEventListener("keydown", event => {
    if (event.key === "Escape" && byId("filters").open) foldFilters(event);
  });
}

function foldFilters(event) {
  event.stopPropagation();
  byId("filters").open = false;
  byId("filters").querySelector("summary").focus();
}
