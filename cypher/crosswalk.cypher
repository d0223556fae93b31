// asks: What do other catalogues call this threat, and who says so?
// params: threat, predicates: list
// returns: from, to, name, predicate, status, confidence: float, sources: list, direction
// order: from, to, predicate, status

// Mappings count in both directions; a null $predicates takes every word that publications use.
MATCH (wanted:Threat {id: $threat})-[m:MAPS_TO]-(other:Threat)
WHERE $predicates IS NULL OR m.predicate IN $predicates
RETURN
  startNode(m).id AS `from`,
  endNode(m).id AS `to`,
  other.name AS name,
  m.predicate AS predicate,
  m.status AS status,
  m.confidence AS confidence,
  coalesce(m.sources, []) AS sources,
  CASE WHEN startNode(m) = wanted THEN 'out' ELSE 'in' END AS direction
ORDER BY `from`, `to`, predicate, coalesce(status, '')
