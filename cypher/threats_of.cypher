// asks: Which threats does this agent face or rule out, and which document says so in which words?
// params: agent, catalogs: list, layer, origins: list, certainties: list, polarities: list, system
// returns: threat, name, layer, origin, rule, certainty, polarity, quotes: list, places: list, document, product, key
// order: threat, layer, polarity, origin, product, key

// A ruling out counts as polarity 'denied', and as stated where words say so, else as declared.
MATCH (a:Agent {id: $agent})-[:BASED_ON*0..1]->(holder:Agent)-[f:FACES|RULES_OUT]->(t:Threat)
WITH
  a,
  holder,
  f,
  t,
  CASE type(f) WHEN 'RULES_OUT' THEN 'denied' ELSE coalesce(f.polarity, 'stated') END AS polarity,
  CASE
    WHEN type(f) = 'FACES' THEN f.origin
    WHEN size(coalesce(f.quotes, [])) > 0 THEN 'stated'
    ELSE 'declared'
  END AS origin
WHERE ($catalogs IS NULL OR t.catalog IN $catalogs)
  AND ($layer IS NULL OR f.layer = $layer)
  AND origin IN $origins
  AND ($certainties IS NULL OR f.certainty IN $certainties)
  AND polarity IN $polarities
  AND ($system IS NULL OR EXISTS { MATCH (a)-[:MEMBER_OF]->(:System {id: $system}) })
  AND (holder = a OR (
    EXISTS { MATCH (a)-[:MEMBER_OF]->(s:System {id: $system}) WHERE coalesce(s.infer, true) }
    AND NOT EXISTS { MATCH (a)-[r:RULES_OUT]->(t) WHERE r.layer IS NULL OR r.layer = f.layer }
  ))
RETURN DISTINCT
  t.id AS threat,
  t.name AS name,
  f.layer AS layer,
  origin,
  f.rule AS rule,
  f.certainty AS certainty,
  polarity,
  coalesce(f.quotes, []) AS quotes,
  coalesce(f.places, []) AS places,
  f.assessment AS document,
  CASE WHEN holder <> a THEN holder.id END AS product,
  f.key AS key
ORDER BY threat, coalesce(layer, ''), polarity, origin, coalesce(product, ''), key
