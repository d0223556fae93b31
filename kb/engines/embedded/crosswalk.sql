WITH found(source, target, predicate, status, confidence, sources, other, direction) AS (
  SELECT m.source, m.target, m.predicate, m.status, m.confidence, m.sources, m.target, 'out'
  FROM threat t
  CROSS JOIN maps_to m ON m.source = t.pk
  WHERE t.id = :threat
  UNION ALL
  SELECT m.source, m.target, m.predicate, m.status, m.confidence, m.sources, m.source, 'in'
  FROM threat t
  CROSS JOIN maps_to m ON m.target = t.pk
  WHERE t.id = :threat AND m.source <> t.pk
)
SELECT
  s.id AS "from",
  t.id AS "to",
  o.name AS name,
  f.predicate AS predicate,
  f.status AS status,
  f.confidence AS confidence,
  coalesce(f.sources, '[]') AS sources,
  f.direction AS direction
FROM found f
CROSS JOIN threat s ON s.pk = f.source
CROSS JOIN threat t ON t.pk = f.target
CROSS JOIN threat o ON o.pk = f.other
WHERE :predicates IS NULL OR f.predicate IN (SELECT value FROM json_each(:predicates))
ORDER BY "from", "to", predicate, coalesce(status, '')
