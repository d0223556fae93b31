// asks: If this agent falls, which agents may fall after it, along which chain of trust of at most 5 steps?
// params: fallen
// returns: hit, steps: integer, likelihood: float, chain: list, channels: list, path: path
// order: likelihood desc, steps, hit

// Compromise runs against TRUSTS, from the trusted agent to the one that acts on its words: $fallen falls first.
// Each agent that can be hit is here once, with its likeliest chain. The likelihood is the product of the strengths, and
// null where one of them is unknown. The bound stands in the pattern: Cypher takes no parameter there.
MATCH path = (:Agent {id: $fallen})<-[:TRUSTS*1..5]-(hit:Agent)
WHERE all(one IN nodes(path) WHERE single(other IN nodes(path) WHERE other = one))
WITH hit, path
ORDER BY
  coalesce(reduce(product = 1.0, trust IN relationships(path) | product * trust.strength), -1.0) DESC,
  length(path),
  [one IN nodes(path) | one.id],
  [trust IN relationships(path) | trust.key]
WITH hit, head(collect(path)) AS path
RETURN
  hit.id AS hit,
  length(path) AS steps,
  reduce(product = 1.0, trust IN relationships(path) | product * trust.strength) AS likelihood,
  [one IN nodes(path) | one.id] AS chain,
  [trust IN relationships(path) | trust.channel] AS channels,
  path
ORDER BY coalesce(likelihood, -1.0) DESC, steps, hit
