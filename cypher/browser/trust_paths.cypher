// asks: Along which chains of trust, of at most 5 steps, does the fall of one agent reach another? The likeliest 100.
// params: fallen, hit
// returns: steps: integer, likelihood: float, chain: list, channels: list, path: path
// order: likelihood desc, steps, chain, channels

// Compromise runs against TRUSTS: $fallen falls first, $hit acts on what reaches it. No agent is on a chain twice; two
// agents that are wired over several channels give a chain for each. The likelihood is the product of the strengths, and
// null where one of them is unknown.
MATCH path = (:Agent {id: $fallen})<-[:TRUSTS*1..5]-(:Agent {id: $hit})
WHERE all(one IN nodes(path) WHERE single(other IN nodes(path) WHERE other = one))
RETURN
  length(path) AS steps,
  reduce(product = 1.0, trust IN relationships(path) | product * trust.strength) AS likelihood,
  [one IN nodes(path) | one.id] AS chain,
  [trust IN relationships(path) | trust.channel] AS channels,
  path
ORDER BY coalesce(likelihood, -1.0) DESC, steps, chain, channels, [trust IN relationships(path) | trust.key]
LIMIT 100
