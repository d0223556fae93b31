"""Train the tagger's linear model on the open labelled pages: ``python benchmarks/train_tagger.py [--check]``.

Features are single words and pairs of neighbouring words that occur in at least three pages, the page's layer, word classes,
and pairs of word classes near each other. The sealed pages are not read. ``--check`` prints figures by cross-validation and
writes nothing. Needs numpy.
"""

import argparse
import csv
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tagging import SHARED, read_pages

from kb.loading.linear import PAIR_REACH, class_pairs
from kb.loading.tagger import MODEL, tag_by_rules, tagger_lexicon
from kb.loading.words import Sentence

FEWEST_PAGES = 3
"""A feature that fewer pages have is left out, so that no phrase of one page is learnt by heart."""
FEWEST_LABELS = 8
"""Labelled paragraphs below which a threat is left to the patterns."""
FEWEST_PARAGRAPHS = 12
"""Paragraphs of a layer below which the model adds nothing there."""
MOST_FEATURES = 1500
RIDGE = 0.3
SMALLEST_WEIGHT = 0.03
STEPS = 100
SCALES = {"word": 0.5, "pair": 0.4, "near": 0.35, "class": 0.5, "layer": 1.0}
"""How much a feature of each family counts before the penalty on its weight: rarer families are trusted less."""
KEEP = 0.2
"""A pattern's find is dropped where the model gives it less than this share of how often the threat is stated at all."""
ADD = 0.4
"""What no pattern found is added where the model gives it this probability."""


class Example(NamedTuple):
    """A paragraph of an open page."""

    slug: str
    layer: str
    features: frozenset[str]
    by_rules: frozenset[str]
    labels: dict[str, float]
    """By threat, 1 where both people called it stated, 0.5 where one did."""


def family(feature: str) -> str:
    """The family of a feature, by its name."""
    prefix, colon, _ = feature.partition(":")
    return prefix if colon else "pair" if " " in feature else "word"


def features_of(sentences: Sequence[Sentence], layer: str, names: dict[int, str]) -> frozenset[str]:
    """All features of a paragraph, with weights or not."""
    found = {f"layer:{layer}"}
    for sentence in sentences:
        found.update(sentence.words)
        found.update(map(" ".join, pairwise(sentence.words)))
        classes = [[name for bit, name in names.items() if mask & bit] for mask in sentence.masks]
        found.update(f"class:{name}" for word in classes for name in word)
        for at, word in enumerate(classes):
            for other in classes[at + 1 : at + 1 + PAIR_REACH]:
                found.update(class_pairs(word, other))
    return frozenset(found)


def read_examples() -> list[Example]:
    """Every paragraph of the open pages."""
    labels: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    with (SHARED / "labels" / "threat_labels.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            stated = [row["annotator_a"], row["annotator_b"]].count("stated")
            labels[row["slug"], row["layer"]][row["threat"]] = stated / 2
    lexicon = tagger_lexicon()
    names = {bit: name for name, bit in lexicon.bits.items()}
    return [
        Example(
            slug,
            layer := paragraph.layer or "S",
            features_of(list(lexicon.sentences(paragraph.text)), layer, names),
            frozenset(f.threat.partition(":")[2] for f in tag_by_rules(paragraph) if f.polarity == "stated"),
            labels[slug, layer],
        )
        for slug, paragraphs in read_pages(sealed=False).items()
        for paragraph in paragraphs
    ]


def fit(matrix: np.ndarray, labels: np.ndarray, steps: int) -> np.ndarray:
    """Ridge logistic regression for all threats at once, by accelerated gradient descent; the last row is the bias."""
    start = np.zeros((matrix.shape[1], labels.shape[1]))
    start[-1] = -2.0
    weights, speed = start.copy(), np.zeros_like(start)
    bound = 0.25 * np.linalg.eigvalsh(matrix @ matrix.T)[-1] + RIDGE
    for step in range(steps):
        ahead = weights + speed * (step / (step + 3))
        miss = 1 / (1 + np.exp(-matrix @ ahead)) - labels
        new = ahead - (matrix.T @ miss + RIDGE * (ahead - start)) / bound
        weights, speed = new, new - weights
    return weights


def train(examples: Sequence[Example], threats: Sequence[str]) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The weights by feature, small ones zero, and the bias."""
    pages: dict[str, set[str]] = defaultdict(set)
    for example in examples:
        for feature in example.features:
            pages[feature].add(example.slug)
    names = sorted(name for name in pages if len(pages[name]) >= FEWEST_PAGES)
    labels = np.array([[example.labels.get(threat, 0.0) for threat in threats] for example in examples])
    weights = fit(_matrix(examples, names), labels, STEPS // 2)
    scales = np.array([SCALES[family(name)] for name in names])
    strength = np.abs(weights[:-1] * scales[:, None]).max(axis=1)
    names = sorted(names[index] for index in np.argsort(-strength, kind="stable")[:MOST_FEATURES])
    weights = fit(_matrix(examples, names), labels, STEPS)
    scaled = {name: row * SCALES[family(name)] for name, row in zip(names, weights[:-1], strict=True)}
    return {name: np.where(np.abs(row) >= SMALLEST_WEIGHT, row, 0.0) for name, row in scaled.items()}, weights[-1]


def _matrix(examples: Sequence[Example], names: Sequence[str]) -> np.ndarray:
    """One row for each example, one column for each feature and a last one of ones."""
    columns = {name: index for index, name in enumerate(names)}
    matrix = np.zeros((len(examples), len(names) + 1))
    matrix[:, -1] = 1.0
    for row, example in enumerate(examples):
        for name in example.features & columns.keys():
            matrix[row, columns[name]] = SCALES[family(name)]
    return matrix


def learnable(examples: Sequence[Example]) -> list[str]:
    """The threats with enough labels, without their catalogue."""
    counts: dict[str, int] = defaultdict(int)
    for example in examples:
        for threat, share in example.labels.items():
            counts[threat] += share > 0
    return sorted(threat for threat in counts if counts[threat] >= FEWEST_LABELS)


def shares(examples: Sequence[Example], threats: Sequence[str]) -> list[float]:
    """For each threat the share of paragraphs in which somebody called it stated."""
    return [sum(example.labels.get(threat, 0.0) > 0 for example in examples) / len(examples) for threat in threats]


def write_model(examples: Sequence[Example], target: Path) -> None:
    """Train on all examples and write what the tagger reads."""
    threats = learnable(examples)
    weights, bias = train(examples, threats)
    rows = {
        name: [[lane, round(float(weight) * 1000)] for lane, weight in enumerate(row) if weight]
        for name, row in sorted(weights.items())
        if row.any()
    }
    layers = Counter(example.layer for example in examples)
    model = {
        "layers": sorted(layer for layer, count in layers.items() if count >= FEWEST_PARAGRAPHS),
        "threats": [f"{'llm2025' if threat.startswith('LLM') else 'owasp'}:{threat}" for threat in threats],
        "keep": [round(KEEP * share, 4) for share in shares(examples, threats)],
        "add": ADD,
        "bias": [round(float(weight) * 1000) for weight in bias],
        "weights": rows,
    }
    target.write_text(json.dumps(model, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8")
    print(f"{target.name}: {len(rows)} features, {sum(map(len, rows.values()))} weights, {len(threats)} threats")


def check(examples: Sequence[Example], folds: int = 6) -> None:
    """Print recall and precision of patterns and model together on pages that the model did not see."""
    slugs = sorted({example.slug for example in examples}, key=lambda slug: sha256(slug.encode()).hexdigest())
    threats = learnable(examples)
    scored: list[tuple[Example, dict[str, float]]] = []
    for fold in range(folds):
        held = set(slugs[fold::folds])
        weights, bias = train([example for example in examples if example.slug not in held], threats)
        for example in examples:
            if example.slug in held:
                logits = bias + sum(
                    (weights[name] for name in sorted(example.features & weights.keys())), np.zeros(len(threats))
                )
                scored.append((example, dict(zip(threats, 1 / (1 + np.exp(-logits)), strict=True))))
    often = dict(zip(threats, shares(examples, threats), strict=True))
    for keep in (0.0, 0.1, 0.2, 0.3):
        for add in (0.3, 0.4, 0.5, 2.0):
            _print_check(scored, often, keep, add)


def _print_check(scored: Sequence[tuple[Example, dict[str, float]]], often: dict[str, float], keep: float, add: float) -> None:
    """One line of :func:`check`; that patterns may be sure is left out of account."""
    required = hit = found = right = 0
    for example, chances in scored:
        got = {threat for threat in example.by_rules if chances.get(threat, 1.0) >= keep * often.get(threat, 0.0)}
        got |= {threat for threat, chance in chances.items() if chance >= add}
        required += sum(share == 1.0 for share in example.labels.values())
        hit += sum(example.labels.get(threat, 0.0) == 1.0 for threat in got)
        found += len(got)
        right += sum(example.labels.get(threat, 0.0) > 0 for threat in got)
    print(f"keep {keep:.2f} add {add:.1f}: recall {hit / required:.3f} precision {right / found:.3f}")


def main() -> int:
    """Train, or check; 0 where the labels are absent."""
    parser = argparse.ArgumentParser(description="Train the tagger's linear model on the open labelled pages.")
    parser.add_argument("--check", action="store_true", help="cross-validate instead of writing the model")
    arguments = parser.parse_args()
    if not (SHARED / "labels" / "threat_labels.csv").is_file():
        print("skipped: the labelled pages (../shared) are not here", file=sys.stderr)
        return 0
    examples = read_examples()
    if arguments.check:
        check(examples)
    else:
        write_model(examples, MODEL)
    return 0


if __name__ == "__main__":
    sys.exit(main())
