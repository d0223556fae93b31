WITH
candidate(agent) AS (
  SELECT a.pk
  FROM agent a
  WHERE a.id = :agent AND (
    :system IS NULL
    OR EXISTS (
      SELECT 1 FROM system s CROSS JOIN member_of m ON m.source = a.pk AND m.target = s.pk WHERE s.id = :system
    )
  )
),
held(agent, holder, product) AS (
  SELECT c.agent, c.agent, NULL
  FROM candidate c
  UNION ALL
  SELECT c.agent, b.target, p.id
  FROM candidate c
  CROSS JOIN based_on b ON b.source = c.agent
  CROSS JOIN agent p ON p.pk = b.target
  WHERE coalesce((SELECT s.infer FROM system s WHERE s.id = :system), :system IS NOT NULL)
  GROUP BY c.agent, b.target
),
said(agent, product, threat, layer, origin, rule, certainty, polarity, quotes, places, assessment, key) AS (
  SELECT
    h.agent,
    h.product,
    f.target,
    f.layer,
    f.origin,
    f.rule,
    f.certainty,
    coalesce(f.polarity, 'stated'),
    coalesce(f.quotes, '[]'),
    coalesce(f.places, '[]'),
    f.assessment,
    f.key
  FROM held h
  CROSS JOIN faces f ON f.source = h.holder
  UNION ALL
  SELECT
    h.agent,
    h.product,
    f.target,
    f.layer,
    CASE WHEN json_array_length(f.quotes) > 0 THEN 'stated' ELSE 'declared' END,
    NULL,
    NULL,
    'denied',
    coalesce(f.quotes, '[]'),
    coalesce(f.places, '[]'),
    f.assessment,
    f.key
  FROM held h
  CROSS JOIN rules_out f ON f.source = h.holder
)
SELECT
  t.id AS threat,
  t.name AS name,
  f.layer AS layer,
  f.origin AS origin,
  f.rule AS rule,
  f.certainty AS certainty,
  f.polarity AS polarity,
  f.quotes AS quotes,
  f.places AS places,
  d.id AS document,
  f.product AS product,
  f.key AS key
FROM said f
CROSS JOIN threat t ON t.pk = f.threat
LEFT JOIN assessment d ON d.pk = f.assessment
WHERE (:catalogs IS NULL OR t.catalog IN (SELECT value FROM json_each(:catalogs)))
  AND (:layer IS NULL OR f.layer = :layer)
  AND f.origin IN (SELECT value FROM json_each(:origins))
  AND (:certainties IS NULL OR f.certainty IN (SELECT value FROM json_each(:certainties)))
  AND f.polarity IN (SELECT value FROM json_each(:polarities))
  AND (f.product IS NULL OR NOT EXISTS (
    SELECT 1 FROM rules_out r
    WHERE r.source = f.agent AND r.target = f.threat AND (r.layer IS NULL OR r.layer = f.layer)
  ))
ORDER BY threat, coalesce(layer, ''), polarity, origin, coalesce(product, ''), key
