// What the canvas shows: columns, links and spots, with the words, places and paths that the static picture has too.

const SHADOW = 0.1;        // opacity of what does not pass the filters
const ASIDE = 0.35;        // opacity of what is beside the highlighted
const LEAST_LETTERS = 5;   // pixels on the screen below which words are left out
const READABLE = 9.5;      // pixels of letters on the screen
const FEW = 60;            // spots up to which names are kept readable also on a narrow page
const GROWTH = [[FEW, 2], [160, 1.35]];  // spots up to which letters may grow so much for that; beyond, they would overlap
const MANY_LINKS = 1500;   // from so many on, a moving picture shows only the links that matter, or it would stutter
const FONT = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', Arial, sans-serif";
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;

let inks = {};

const paths = data.links.map(link => ({line: new Path2D(link.line), head: new Path2D(link.head)}));
const leading = new Set(data.chains[data.leading]?.links ?? []);

/** The colours that the style sheet has now, in the light or the dark. */
function readInks() {
  const style = getComputedStyle(document.documentElement);
  const names = ["paper", "band", "ink", "quiet", "line", "grid", "faint", "risk", "certain"];
  const kinds = data.spots.flatMap(spot => spot.fill ? [spot.fill, `${spot.fill}-ink`] : [`node-${spot.kind.toLowerCase()}`]);
  inks = Object.fromEntries([...names, ...new Set(kinds)].map(ink => [ink, style.getPropertyValue(`--${ink}`).trim()]));
}

function opacityOf(passes, inHighlight) {
  if (!passes) return SHADOW;
  return inHighlight ? 1 : ASIDE;
}

function drawBelow(context) {
  drawHeadings(context);
  for (const index of drawOrder) {
    if (!moving || data.links.length < MANY_LINKS || weight(index) > 0) drawLink(context, index);
  }
}

let drawOrder = [];

function orderLinks() {
  drawOrder = data.links.map((_, index) => index).sort((one, other) => weight(one) - weight(other));
}

/** What matters is drawn last, on top. */
function weight(index) {
  return (highlighted.chain?.has(index) ? 2 : 0) + (leading.has(index) ? 1 : 0);
}

function drawHeadings(context) {
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  for (const {lines, x, y, left, right} of data.columns) {
    context.fillStyle = inks.band;
    context.fillRect(left, y - 22, right - left, data.height - y + 22);
    for (const text of lines) write(context, text, x, y, `600 ${Math.max(13, lettersNow())}px ${FONT}`, inks.quiet, false);
  }
}

function drawLink(context, index) {
  const link = data.links[index];
  const severed = isSevered(index);
  const loud = !severed && (highlighted.links ? highlighted.chain.has(index) : leading.has(index));
  context.save();
  context.globalAlpha = opacityOf(passing.links[index], !highlighted.links || highlighted.links.has(index)) * (severed ? 0.55 : 1);
  context.strokeStyle = context.fillStyle = loud ? inks.risk : inks.line;
  context.lineWidth = loud || view.link === index ? Math.max(link.width + 1, 2 / network.getScale()) : link.width;
  context.setLineDash(link.dashes);
  context.stroke(paths[index].line);
  context.fill(paths[index].head);
  if (severed) drawCross(context, link.middle);
  context.restore();
}

/** A severed relation is crossed out. */
function drawCross(context, [x, y]) {
  context.globalAlpha = 1;
  context.setLineDash([]);
  context.lineWidth = 3;
  context.strokeStyle = inks.certain;
  context.beginPath();
  context.moveTo(x - 7, y - 7);
  context.lineTo(x + 7, y + 7);
  context.moveTo(x - 7, y + 7);
  context.lineTo(x + 7, y - 7);
  context.stroke();
}

/** What vis-network asks of a shape that draws itself. */
function spotRenderer({ctx, id}) {
  const {radius} = sizeOf(id);
  return {drawNode: () => drawSpot(ctx, id), nodeDimensions: {width: 2 * radius, height: 2 * radius}};
}

function drawSpot(context, index) {
  const spot = data.spots[index];
  const now = sizeOf(index);
  context.save();
  context.globalAlpha = opacityOf(passing.spots[index], !highlighted.spots || highlighted.spots.has(index));
  if (data.probabilities && spot.fill && now.size !== null) drawShare(context, spot, now.radius + 4, now.size);
  drawShape(context, spot, now.radius);
  if (index === view.spot) ring(context, spot, now.radius + 9, inks.ink, 2.5);
  if (lettersNow() * network.getScale() >= LEAST_LETTERS) drawWords(context, spot, index, now);
  context.restore();
}

function drawShape(context, spot, radius) {
  if (spot.members.length) ring(context, spot, radius + 8, inks.quiet, 1);  // a second rim: there are more behind
  context.beginPath();
  outline(context, spot, radius);
  context.closePath();
  context.fillStyle = inks.paper;
  context.fill();  // what passes below must not shine through
  context.fillStyle = spot.fill ? inks[spot.fill] : inks.paper;
  context.fill();
  context.setLineDash(spot.dashes);
  context.lineWidth = 2;
  context.strokeStyle = spot.fill ? inks.ink : inks[`node-${spot.kind.toLowerCase()}`] || inks.quiet;
  context.stroke();
  context.setLineDash([]);
}

/** Agents are round, other kinds have corners. */
function outline(context, {x, y, corners}, radius) {
  if (!corners) return context.arc(x, y, radius, 0, 2 * Math.PI);
  const [count, first] = corners;
  for (let corner = 0; corner < count; corner++) {
    const angle = first + 2 * Math.PI * corner / count;
    context.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
}

/** A ring that is filled clockwise from the top to the probability. */
function drawShare(context, spot, radius, share) {
  ring(context, spot, radius, inks.faint, 4);
  ring(context, spot, radius, inks.risk, 4, share);
}

function ring(context, {x, y}, radius, ink, width, share = 1) {
  context.beginPath();
  context.arc(x, y, radius, -Math.PI / 2, (2 * share - 0.5) * Math.PI);
  context.setLineDash([]);
  context.lineWidth = width;
  context.strokeStyle = ink;
  context.stroke();
}

/** Pixels of letters in the picture: larger where it is shown so small that its names could not be read. */
function lettersNow() {
  const [, growth] = GROWTH.find(([most]) => data.spots.length <= most) ?? [0, 1];
  return Math.max(data.letters, Math.min(READABLE / network.getScale(), growth * data.letters));
}

function drawWords(context, spot, index, now) {
  const letters = lettersNow();
  let below = spot.y + now.radius + data.label_gap + letters;
  for (const text of spot.lines) {
    write(context, text, spot.x, below, `600 ${letters}px ${FONT}`, inks.ink);
    below += letters * data.line_height;
  }
  const placed = placedAt(index).length;
  if (now.radius >= data.figure_radius) writeInside(context, spot, now.figure || spot.mark, now.radius);
  else write(context, now.figure, spot.x, below, `${letters}px ${FONT}`, inks.quiet);
  if (spot.role_word) write(context, spot.role_word, spot.x, spot.y - now.radius - 11, `700 ${letters}px ${FONT}`, inks.risk);
  const rim = now.radius * 0.8 + 2;
  if (spot.mark && now.figure && now.radius >= data.figure_radius) drawBadge(context, spot.x + rim, spot.y + rim, now.radius, spot.mark, inks.paper, inks.ink);
  if (placed) drawBadge(context, spot.x + rim, spot.y - rim, now.radius, `+${placed}`, inks.certain, inks.paper);
}

function writeInside(context, spot, text, radius) {
  const wished = Math.max(Math.min(Math.max(radius * 0.5, 9), 15), Math.min(lettersNow(), radius * 0.75));
  const letters = Math.min(wished, (2 * radius - 4) / (0.62 * Math.max(text.length, 1)));
  const ink = spot.fill ? inks[`${spot.fill}-ink`] : inks.ink;
  write(context, text, spot.x, spot.y + letters * 0.36, `700 ${letters}px ${FONT}`, ink, false);
}

/** A little disc on the rim: the letter of the severity, how many controls are put in place. */
function drawBadge(context, x, y, room, text, fill, ink) {
  const radius = Math.min(Math.max(9, lettersNow() * 0.6), room * 0.45);
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = inks.grid;
  context.stroke();
  write(context, text, x, y + radius * 0.4, `700 ${radius * 1.15}px ${FONT}`, ink, false);
}

/** Words in the middle of `x`, with a seam of paper around them where they cross lines. */
function write(context, text, x, y, font, ink, seam = true) {
  context.font = font;
  context.direction = RIGHT_TO_LEFT.test(text) ? "rtl" : "ltr";
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  if (seam) {
    context.lineWidth = 4;
    context.lineJoin = "round";
    context.strokeStyle = inks.paper;
    context.strokeText(text, x, y);
  }
  context.fillStyle = ink;
  context.fillText(text, x, y);
}
