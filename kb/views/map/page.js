// What all parts of the page share: the data, what is looked at, and making elements.
// The files of this folder are joined into one script in the order of SCRIPTS in kb/views/map_page.py, so that one hash in
// the page's policy lets exactly this code run. Text reaches the page as textContent only, never as markup.

const data = JSON.parse(document.getElementById("data").textContent);

/** What is being looked at; everything on the page follows from this and from `data`. */
const view = {
  state: 0,        // index in data.states
  spot: null,      // index of the spot that is open in the panel
  link: null,      // index of the link that is open in the panel
  chain: null,     // index of the chain that is picked
  moved: false,    // whether the reader moved the picture, which then stays where it is
  filters: {layer: "", channel: "", threat: "", severity: "", probability: 0},
};

const byId = id => document.getElementById(id);

/** An element; `properties` are set on it, those of `data` as data attributes. */
function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  const {data: attributes = {}, ...rest} = properties;
  Object.assign(made, rest);
  Object.assign(made.dataset, attributes);
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}

/** A name out of a document, whose direction changes nothing around it. */
const name = text => element("bdi", {textContent: text});

const labelOf = spot => spot.label || spot.id;

/** A figure with four digits that matter; a dash where it is unknown. */
const figure = value => value === null ? "–" : String(Number(value.toPrecision(4)));

/** Size, figure and radius of a spot in the state that is looked at. */
const sizeOf = index => data.states[view.state]?.sizes[index] ?? data.spots[index];

/** Controls that are put in place at a spot in the state that is looked at. */
const placedAt = index => data.states[view.state]?.placed[index] ?? [];

const isSevered = index => data.states[view.state]?.gone.includes(index) ?? false;

/** Says something to those who listen to the page. */
function announce(text) {
  byId("announcements").textContent = text;
}

/** Links that end at each spot and that start there, by index. */
const around = data.spots.map(() => ({into: [], out: []}));
data.links.forEach((link, index) => {
  around[link.source].out.push(index);
  around[link.target].into.push(index);
});
