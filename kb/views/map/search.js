// The search: finds spots by name or id, whatever their accents, and jumps to the one that is chosen.

const FOUND = 10;
const NOBODY = "Nobody of that name is in the picture.";

/** Text as it is compared: without accents and case (which ß has as SS), and wide letters as narrow ones. */
const folded = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().toUpperCase();

const searched = data.spots.map(spot => folded([spot.label, spot.id, ...spot.members].join("\n")));

let found = [];
let active = -1;

function find() {
  const wanted = folded(byId("search").value.trim());
  const hits = wanted ? searched.flatMap((text, index) => text.includes(wanted) ? [index] : []) : [];
  found = hits.slice(0, FOUND);
  active = found.length ? 0 : -1;
  renderFound();
  if (wanted && !hits.length) byId("search-results").replaceChildren(element("li", {textContent: NOBODY}));
  byId("search-results").hidden = !wanted;
  if (wanted) announce(hits.length ? `${hits.length} found` : NOBODY);
}

function renderFound() {
  const list = byId("search-results");
  list.replaceChildren(...found.map(foundItem));
  list.hidden = !found.length;
  const search = byId("search");
  search.setAttribute("aria-expanded", String(found.length > 0));
  if (active >= 0) search.setAttribute("aria-activedescendant", `found-${active}`);
  else search.removeAttribute("aria-activedescendant");
}

function foundItem(spot, at) {
  const item = element("li", {id: `found-${at}`, data: {spot}}, name(labelOf(data.spots[spot])), " ",
    element("span", {className: "id"}, name(data.spots[spot].id)));
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", String(at === active));
  return item;
}

function choose(spot) {
  found = [];
  renderFound();
  openSpot(spot);
  buttons[spot].focus({preventScroll: true});
}

function searchKey(event) {
  const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
  if (step && found.length) {
    active = (active + step + found.length) % found.length;
    renderFound();
  } else if (event.key === "Enter" && found.length) {
    choose(found[active]);
  } else if (event.key === "Escape") {
    byId("search").value = "";
    find();
    byId("search").blur();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

function startSearch() {
  byId("search").addEventListener("input", find);
  byId("search").addEventListener("keydown", searchKey);
  byId("search-results").addEventListener("mousedown", event => {
    const item = event.target.closest("[data-spot]");
    if (item) choose(Number(item.dataset.spot));
  });
}
