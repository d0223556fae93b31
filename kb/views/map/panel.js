// The panel beside the picture: what is known of the spot or link that is open, with its evidence.

const LISTED = 8;  // threats named before the rest is folded away

let opener = null;  // what had the keyboard when the panel was opened from outside it

function openSpot(index) {
  Object.assign(view, {spot: index, link: null, chain: null});
  showDetail(labelOf(data.spots[index]), aboutSpot(index));
  jumpTo(index);
  announce(`${saidOfSpot(index)}. Details are shown.`);
}

function openLink(index) {
  const link = data.links[index];
  Object.assign(view, {spot: null, link: index, chain: null});
  showDetail(`${labelOf(data.spots[link.source])} ⇒ ${labelOf(data.spots[link.target])}`, aboutLink(index));
  announce("Details of the relation are shown.");
}

function pickChain(index) {
  Object.assign(view, {spot: null, link: null, chain: view.chain === index ? null : index});
  byId("detail").hidden = true;
  byId("overview").hidden = false;
  render();
  announce(view.chain === null ? "No chain is highlighted." : `Highlighted: ${routeOf(data.chains[index])}.`);
}

/** Back to the ranking and the chains, and the keyboard to where it was before the panel opened. */
function close() {
  const within = byId("panel").contains(document.activeElement);
  Object.assign(view, {spot: null, link: null, chain: null});
  byId("detail").hidden = true;
  byId("overview").hidden = false;
  render();
  if (within) opener?.focus();
}

function showDetail(title, parts) {
  byId("panel-title").replaceChildren(name(title));
  byId("panel-body").replaceChildren(...parts.filter(Boolean));
  byId("detail").hidden = false;
  byId("overview").hidden = true;
  byId("panel").scrollTop = 0;
  render();
}

/** Puts the keyboard into the panel; on a narrow page it has to be scrolled to. */
function enterPanel() {
  byId("panel").focus({preventScroll: true});
  byId("panel").scrollIntoView({block: "nearest", behavior: calm.matches ? "auto" : "smooth"});
}

const routeOf = chain => chain.spots.map(spot => labelOf(data.spots[spot])).join(" ⇒ ");

// --- a spot ----------------------------------------------------------------------------------------------------------

function aboutSpot(index) {
  const spot = data.spots[index];
  return [
    element("p", {className: "id"}, name(spot.id)),
    element("p", {className: "says"}, saidWithState(index)),
    placedControls(index),
    facts(spot),
    members(spot),
    spot.chain === null ? null : chainPart(spot.chain),
    ...spot.details.map(detailPart),
    relationsPart("Falls to it", "What can take it along", around[index].into, "source"),
    relationsPart("Passes on", "What it can take along", around[index].out, "target"),
  ];
}

function saidWithState(index) {
  const now = sizeOf(index);
  const before = data.spots[index];
  const text = now.size_text || `size ${figure(now.size)}`;
  return now === before || now.size === before.size ? text : `${text} (${figure(before.size)} ${data.states[0].name})`;
}

function placedControls(index) {
  const controls = placedAt(index);
  return controls.length ? part(`Put in place here: ${data.states[view.state].name}`, list(controls.map(name))) : null;
}

function facts(spot) {
  const severity = element("span", {className: `pill ${spot.fill}`, textContent: spot.severity ?? "no score"});
  const rows = [
    ["Kind", spot.kind],
    ...(spot.fill ? [["Severity", severity], ["Certainty", spot.certainty]] : []),
    ["Layers", spot.layers.join(" ") || "none given"],
    ["Threats", foldedList(spot.threats)],
  ];
  return definitions(rows);
}

function members(spot) {
  return spot.members.length ? part(`Stands for ${spot.members.length}`, list(spot.members.map(name))) : null;
}

/** The chain as it stands in the list of chains, arithmetic opened. */
function chainPart(index) {
  const arithmetic = byId(`chain-${index}`).querySelector(".arithmetic").cloneNode(true);
  arithmetic.open = true;
  const route = element("p", {className: "route"}, name(routeOf(data.chains[index])));
  const when = view.state ? element("p", {className: "quiet", textContent: `Worked out ${data.states[0].name}.`}) : null;
  return part("The likeliest chain that reaches it", route, when, arithmetic);
}

function relationsPart(title, said, links, end) {
  if (!links.length) return null;
  const items = links.map(index => {
    const link = data.links[index];
    const strength = link.strength === null ? "" : `, strength ${figure(link.strength)}`;
    const opens = element("button", {type: "button", className: "link", data: {link: index}}, name(labelOf(data.spots[link[end]])));
    return element("li", {}, opens, ` ${link.channel}${strength}${isSevered(index) ? ", severed" : ""}`);
  });
  return part(`${said} (${links.length})`, element("ul", {title}, ...items));
}

// --- a link ----------------------------------------------------------------------------------------------------------

function aboutLink(index) {
  const link = data.links[index];
  return [
    isSevered(index) ? element("p", {className: "says", textContent: `Severed ${data.states[view.state].name}.`}) : null,
    ends(link),
    definitions([
      ["Channel", `${link.channel}: ${link.way}`],
      ["Strength", withSource(figure(link.strength), link.strength_source)],
      ["Best chain along it", figure(link.probability)],
      ["Layers", link.layers.join(" ") || "none given"],
      ["Threats", foldedList(link.threats)],
    ]),
    ...link.details.map(detailPart),
    chainsAlong(index),
  ];
}

function ends(link) {
  const opens = spot => element("button", {type: "button", className: "link", data: {spot}}, name(labelOf(data.spots[spot])));
  return element("p", {className: "route"}, opens(link.source), " ⇒ ", opens(link.target));
}

function withSource(text, source) {
  return element("span", {}, text, source ? element("span", {className: "source"}, name(source)) : null);
}

function chainsAlong(index) {
  const along = data.chains.map((_, chain) => chain).filter(chain => data.chains[chain].links.includes(index));
  const items = along.map(chain => element("button", {type: "button", className: "link", data: {chain}}, name(routeOf(data.chains[chain]))));
  return along.length ? part(`Chains along it (${along.length})`, list(items)) : null;
}

// --- pieces ----------------------------------------------------------------------------------------------------------

const part = (heading, ...children) => element("section", {}, element("h3", {textContent: heading}), ...children);

const list = items => element("ul", {}, ...items.map(item => element("li", {}, item)));

function definitions(rows) {
  return element("dl", {}, ...rows.map(([term, text]) => element("div", {}, element("dt", {textContent: term}), element("dd", {}, text))));
}

function foldedList(values) {
  if (!values.length) return "none given";
  if (values.length <= LISTED) return name(values.join(", "));
  const fold = element("details", {}, element("summary", {textContent: `${values.slice(0, LISTED).join(", ")} and ${values.length - LISTED} more`}));
  fold.append(name(values.slice(LISTED).join(", ")));
  return fold;
}

function detailPart({heading, lines}) {
  return part(heading, list(lines.map(evidence)));
}

function evidence([text, source, quote]) {
  return element("div", {}, name(text),
    quote ? element("blockquote", {}, name(quote)) : null,
    source ? element("span", {className: "source"}, name(source)) : null);
}

/** Opens what a press inside the panel, the tables or the lists names by its data attributes. */
function opened(event) {
  const target = event.target.closest("a[data-spot], a[data-link], a[data-chain], button[data-spot], button[data-link], button[data-chain]");
  if (!target) return;
  event.preventDefault();
  if (!byId("detail").contains(target)) opener = target;
  const {spot, link, chain} = target.dataset;
  if (chain !== undefined) return pickChain(Number(chain));
  if (spot !== undefined) openSpot(Number(spot)); else openLink(Number(link));
  enterPanel();
}

function startPanel() {
  for (const id of ["panel", "twin", "spots"]) byId(id).addEventListener("click", opened);
  byId("panel-close").addEventListener("click", close);
}
