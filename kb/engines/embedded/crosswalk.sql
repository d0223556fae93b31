WITH found(source, target, predicate, status, confidence, sources, other, direction) AS (
  SELECT m.source, m.target, m.predicate, m.status, m.confidence, m.sources, m.target, 'out'
  FROM node n
  CROSS JOIN maps_to m ON m.source = n.pk
  WHERE n.kind = 'Threat' AND n.id = :threat
  UNION ALL
  SELECT m.source, m.target, m.predicate, m.status, m.confidence, m.sources, m.source, 'in'
  FROM node n
  CROSS JOIN maps_to m ON m.target = n.pk
  WHERE n.kind = 'Threat' AND n.id = :threat AND m.source <> n.pk
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
CROSS JOIN node s ON s.pk = f.source
CROSS JOIN node t ON t.pk = f.target
CROSS JOIN threat o ON o.pk = f.other
WHERE :predicates IS NULL OR f.predicate IN (SELECT value FROM json_each(:predicates))
ORDER BY "from", "to", predicate, coalesce(status, '')
