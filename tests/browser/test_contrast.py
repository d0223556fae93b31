"""Every word of every page can be read, in the light and in the dark: at least 4.5:1 to what it stands on."""

import pytest

PAGES = {
    "map": ("map", "--cascade", "outside", "--system", "ticket-to-merge"),
    "plan": ("map", "--plan", "--budget", "1", "--system", "ticket-to-merge"),
    "report": ("report", "--system", "ticket-to-merge"),
}

HARD_TO_READ = """
const pixel = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
const over = (below, color) => {
  pixel.fillStyle = below;
  pixel.fillRect(0, 0, 1, 1);
  pixel.fillStyle = color;
  pixel.fillRect(0, 0, 1, 1);
  const [red, green, blue] = pixel.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
};
const luminance = color => {
  const [red, green, blue] = color.match(/[0-9]+/g).map(each => {
    const share = each / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (one, other) => {
  const [low, high] = [luminance(one), luminance(other)].sort((left, right) => left - right);
  return (high + 0.05) / (low + 0.05);
};
const clear = color => color === "none" || color === "transparent" || /^rgba\\(.*, 0\\)$/.test(color);
const painted = element => {
  const style = getComputedStyle(element);
  const color = element instanceof SVGElement && element.localName !== "svg" ? style.fill : style.backgroundColor;
  return element instanceof SVGTextContentElement || clear(color) ? null : color;
};
const below = (element, box) => {
  const pile = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const at = pile.findIndex(each => each === element || element.contains(each));
  return at < 0 ? null : pile.slice(at + 1).map(painted).filter(Boolean).reverse().reduce(over, "rgb(255, 255, 255)");
};
const hard = [];
for (const element of document.body.querySelectorAll("*")) {
  const said = [...element.childNodes].filter(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const box = element.getBoundingClientRect();
  if (!said.length || box.width < 2 || !element.checkVisibility({visibilityProperty: true})) continue;
  const inSvg = element instanceof SVGElement;
  const style = getComputedStyle(element);
  const own = inSvg || clear(style.backgroundColor) ? [] : [style.backgroundColor];
  const ground = below(element, box);
  if (ground === null) continue;  // for who listens
  const paper = [ground, ...own].reduce(over);
  const ratio = contrast(over(paper, inSvg ? style.fill : style.color), paper);
  const name = [element.localName, element.getAttribute("class")].filter(Boolean).join(".");
  if (ratio < 4.5) hard.push(`${said[0].data.trim().slice(0, 40)} (${name}): ${ratio.toFixed(2)}`);
}
return hard;
"""
"""Texts that stand out too little, with their contrast."""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_every_word_stands_out(browser, worked, drawn, page, dark):
    browser.open(drawn(worked, *PAGES[page]), 1280, 16_000, dark=dark)
    browser.settle()
    assert browser.run(HARD_TO_READ) == []


def test_a_word_that_does_not_stand_out_is_found(browser, tmp_path):
    words = "<p style='color:#888'>grey<p style='color:#000'>black"
    drawn = "<svg><rect width='99' height='99' fill='#000'/><text y='20'>lost</text></svg>"
    page = f"<!doctype html><meta charset=utf-8><body style='background:#fff'>{words}{drawn}"
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    browser.open(tmp_path / "page.html")
    assert browser.run(HARD_TO_READ) == ["grey (p): 3.54", "lost (text): 1.00"]
