WITH
candidate(agent) AS (
  SELECT f.source
  FROM json_each(:threats) w
  CROSS JOIN threat t ON t.id = w.value
  CROSS JOIN faces f ON f.target = t.pk
  WHERE :system IS NULL AND f.source IS NOT (SELECT a.pk FROM agent a WHERE a.id = :agent)
  UNION
  SELECT m.source
  FROM system s
  CROSS JOIN member_of m ON m.target = s.pk
  WHERE s.id = :system AND m.source IS NOT (SELECT a.pk FROM agent a WHERE a.id = :agent)
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
),
faced(agent, threat, product, shared) AS (
  SELECT
    h.agent,
    t.id,
    CASE WHEN count(*) = count(h.product) THEN min(h.product) END,
    t.id IN (SELECT value FROM json_each(:threats))
  FROM held h
  CROSS JOIN faces f ON f.source = h.holder
  CROSS JOIN threat t ON t.pk = f.target
  WHERE (:catalogs IS NULL OR t.catalog IN (SELECT value FROM json_each(:catalogs)))
    AND (:layer IS NULL OR f.layer = :layer)
    AND f.origin IN (SELECT value FROM json_each(:origins))
    AND (:certainties IS NULL OR f.certainty IN (SELECT value FROM json_each(:certainties)))
    AND coalesce(f.polarity, 'stated') IN (SELECT value FROM json_each(:polarities))
    AND (h.product IS NULL OR NOT EXISTS (
      SELECT 1 FROM rules_out r
      WHERE r.source = h.agent AND r.target = f.target AND (r.layer IS NULL OR r.layer = f.layer)
    ))
  GROUP BY h.agent, t.pk
)
SELECT
  a.id AS agent,
  a.name AS name,
  sum(f.shared) AS shared,
  CAST(sum(f.shared) AS REAL) / (count(*) + json_array_length(:threats) - sum(f.shared)) AS jaccard,
  json_group_array(f.threat) FILTER (WHERE f.shared) AS threats,
  json_group_array(DISTINCT a.id || ' BASED_ON ' || f.product) FILTER (WHERE f.shared AND f.product IS NOT NULL) AS inherited
FROM faced f
CROSS JOIN agent a ON a.pk = f.agent
GROUP BY a.pk
HAVING sum(f.shared) > 0
ORDER BY jaccard DESC, agent
