// The picture. vis-network keeps the view: canvas, dragging, pinching, zooming, and which spot is under a pointer. What is
// drawn is ours, from the places and paths that the static picture has too.

const MOST_SCALE = 1.5;
const FIRST_SCALE = 0.3;   // smaller than this no name can be read: the picture begins at its left edge instead
const NEAR = 12;           // pixels around a link that count as on it

const calm = matchMedia("(prefers-reduced-motion: reduce)");

let network;
let highlighted = {spots: null, links: null, chain: null};
let moving = false;

function makeNetwork() {
  const nodes = data.spots.map((spot, id) => ({id, x: spot.x, y: spot.y}));
  const options = {
    autoResize: true,
    physics: false,
    layout: {improvedLayout: false},
    nodes: {shape: "custom", ctxRenderer: spotRenderer, fixed: true, chosen: false},
    interaction: {dragNodes: false, selectable: false, tooltipDelay: 1e9},
  };
  network = new vis.Network(byId("canvas"), {nodes, edges: []}, options);
  network.on("beforeDrawing", drawBelow);
  network.on("afterDrawing", placeSpots);
  network.on("resize", () => { if (!view.moved) fit(); });
  network.on("dragStart", () => { view.moved = moving = true; });
  network.on("dragEnd", () => { moving = false; network.redraw(); });
  network.on("zoom", () => { view.moved = true; });
  byId("canvas").addEventListener("wheel", letPageScroll, {capture: true});
}

/** The wheel scrolls the page, as everywhere; with Ctrl it zooms, as in maps. */
function letPageScroll(event) {
  if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
}

// --- what is highlighted ---------------------------------------------------------------------------------------------

/** The chain that is picked or reaches the open spot, with what stands directly around that; nothing where nothing is open. */
function findHighlighted() {
  const chain = data.chains[view.chain ?? data.spots[view.spot]?.chain];
  const spots = new Set(chain?.spots ?? []);
  const links = new Set(chain?.links ?? []);
  if (view.spot !== null) {
    spots.add(view.spot);
    for (const index of [...around[view.spot].into, ...around[view.spot].out]) addLink(index, spots, links);
  }
  if (view.link !== null) addLink(view.link, spots, links);
  highlighted = spots.size ? {spots, links, chain: new Set(chain?.links ?? [])} : {spots: null, links: null, chain: null};
}

function addLink(index, spots, links) {
  links.add(index);
  spots.add(data.links[index].source).add(data.links[index].target);
}

// --- pointing --------------------------------------------------------------------------------------------------------

function clicked({pointer}) {
  const spot = network.getNodeAt(pointer.DOM);
  if (spot !== undefined) return openSpot(spot);
  const link = linkAt(pointer.canvas);
  return link === null ? close() : openLink(link);
}

/** The index of the link at a place of the picture, the upper of several. */
function linkAt({x, y}) {
  const context = byId("canvas").querySelector("canvas").getContext("2d");
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.setLineDash([]);
  const width = NEAR / network.getScale();
  let found = null;
  for (const index of drawOrder) {
    context.lineWidth = Math.max(width, data.links[index].width);
    if (passing.links[index] && context.isPointInStroke(paths[index].line, x, y)) found = index;
  }
  context.restore();
  return found;
}

let hoverAsked = false;

/** Shows by the pointer that something can be opened; once a frame, as looking through the links takes a while. */
function hovered(event) {
  if (hoverAsked) return;
  hoverAsked = true;
  requestAnimationFrame(() => {
    hoverAsked = false;
    const at = {x: event.offsetX, y: event.offsetY};
    const spot = network.getNodeAt(at);
    const hit = spot !== undefined || (data.links.length < MANY_LINKS && linkAt(network.DOMtoCanvas(at)) !== null);
    byId("canvas").classList.toggle("hit", hit);
    byId("canvas").title = spot === undefined ? "" : `${labelOf(data.spots[spot])}: ${sizeOf(spot).size_text}`;
  });
}

// --- the view --------------------------------------------------------------------------------------------------------

/** The whole picture, or where that were too small to read its left part. */
function fit() {
  const {clientWidth: width, clientHeight: height} = byId("canvas");
  const whole = Math.min(width / data.width, height / data.height, MOST_SCALE);
  const scale = data.spots.length > FEW ? whole : Math.max(whole, FIRST_SCALE);
  const x = data.width * scale > width ? width / scale / 2 : data.width / 2;
  network.moveTo({position: {x, y: data.height / 2}, scale});
  view.moved = false;
}

function zoomBy(factor) {
  view.moved = true;
  network.moveTo({scale: network.getScale() * factor, animation: animation(150)});
}

const animation = duration => calm.matches ? false : {duration, easingFunction: "easeInOutQuad"};

/** Brings a spot into view where it is not, large enough to be read. */
function jumpTo(index) {
  const spot = data.spots[index];
  const {x, y} = network.canvasToDOM(spot);
  const {clientWidth: width, clientHeight: height} = byId("canvas");
  const inView = x > 40 && y > 40 && x < width - 40 && y < height - 40;
  const scale = network.getScale();
  const readable = scale * lettersNow() >= 8;
  if (inView && readable) return;
  view.moved = true;
  network.moveTo({position: {x: spot.x, y: spot.y}, scale: readable ? scale : 9 / data.letters, animation: animation(250)});
}

/** Draws the picture; what a pointer does needs the rest of the page. */
function showPicture() {
  byId("window").style.setProperty("--shape", String(data.width / data.height));
  readInks();
  makeNetwork();
  orderLinks();
  fit();
}

function startPicture() {
  network.on("click", clicked);
  byId("canvas").addEventListener("mousemove", hovered);
  byId("zoom-in").addEventListener("click", () => zoomBy(1.3));
  byId("zoom-out").addEventListener("click", () => zoomBy(1 / 1.3));
  byId("zoom-fit").addEventListener("click", fit);
}
