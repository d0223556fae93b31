// A button on every spot of the picture, for the keyboard and for those who do not see the canvas. One of them is in the tab
// order; arrow keys go to the next spot in their direction. The pointer goes through them to the canvas.

const ARROWS = {ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1]};

let buttons = [];

function makeSpots() {
  buttons = data.spots.map(spotButton);
  byId("spots").append(...buttons);
  const start = Math.max(data.spots.findIndex(spot => spot.role === "start"), 0);
  if (buttons.length) buttons[start].tabIndex = 0;
}

function startSpots() {
  byId("spots").addEventListener("keydown", arrowed);
  byId("spots").addEventListener("focusin", event => focused(Number(event.target.dataset.spot)));
}

function spotButton(spot, index) {
  const made = element("button", {type: "button", id: `spot-${index}`, tabIndex: -1, data: {spot: index}});
  made.style.left = `${spot.x - spot.radius}px`;
  made.style.top = `${spot.y - spot.radius}px`;
  made.style.width = made.style.height = `${2 * spot.radius}px`;
  return made;
}

/** What each button says, which changes with the state and the filters. */
function renderSpots() {
  buttons.forEach((button, index) => {
    button.disabled = !passing.spots[index];
    button.setAttribute("aria-label", saidOfSpot(index));
    button.setAttribute("aria-current", String(view.spot === index));
  });
}

function saidOfSpot(index) {
  const spot = data.spots[index];
  const band = spot.severity ? `severity ${spot.severity}` : "no score";
  return [labelOf(spot), spot.role_word, sizeOf(index).size_text, band].filter(Boolean).join(", ");
}

/** Keeps the buttons on their spots, with one change of style however many there are. */
function placeSpots() {
  const {x, y} = network.canvasToDOM({x: 0, y: 0});
  const spots = byId("spots");
  spots.style.transform = `translate(${x}px, ${y}px) scale(${network.getScale()})`;
  spots.style.setProperty("--scale", network.getScale());
}

function focused(index) {
  for (const button of buttons) button.tabIndex = -1;
  buttons[index].tabIndex = 0;
  jumpTo(index);
}

function arrowed(event) {
  const at = Number(event.target.dataset.spot);
  const next = event.key in ARROWS ? neighbour(at, ARROWS[event.key]) : {Home: first(), End: last()}[event.key];
  if (next === undefined || next === null) return;
  event.preventDefault();
  buttons[next].focus({preventScroll: true});
}

/** The nearest spot in a direction; what lies off to the side counts double. */
function neighbour(from, [dx, dy]) {
  const here = data.spots[from];
  let best = null;
  let least = Infinity;
  data.spots.forEach((spot, index) => {
    const ahead = (spot.x - here.x) * dx + (spot.y - here.y) * dy;
    const aside = Math.abs((spot.x - here.x) * dy) + Math.abs((spot.y - here.y) * dx);
    if (passing.spots[index] && ahead > 1 && ahead + 2 * aside < least) [best, least] = [index, ahead + 2 * aside];
  });
  return best;
}

const first = () => passing.spots.indexOf(true);
const last = () => passing.spots.lastIndexOf(true);
