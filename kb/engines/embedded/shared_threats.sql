WITH
candidate(agent) AS (
  SELECT a.pk
  FROM agent a
  WHERE :system IS NULL AND :threats IS NULL
  UNION
  SELECT f.source
  FROM json_each(:threats) w
  CROSS JOIN threat t ON t.id = w.value
  CROSS JOIN faces f ON f.target = t.pk
  WHERE :system IS NULL
  UNION
  SELECT m.source
  FROM system s
  CROSS JOIN member_of m ON m.target = s.pk
  WHERE s.id = :system
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
faced(threat, agent, product) AS (
  SELECT f.target, h.agent, CASE WHEN count(*) = count(h.product) THEN min(h.product) END
  FROM held h
  CROSS JOIN faces f ON f.source = h.holder
  CROSS JOIN threat t ON t.pk = f.target
  WHERE (:threats IS NULL OR t.id IN (SELECT value FROM json_each(:threats)))
    AND (:catalogs IS NULL OR t.catalog IN (SELECT value FROM json_each(:catalogs)))
    AND (:layer IS NULL OR f.layer = :layer)
    AND f.origin IN (SELECT value FROM json_each(:origins))
    AND (:certainties IS NULL OR f.certainty IN (SELECT value FROM json_each(:certainties)))
    AND coalesce(f.polarity, 'stated') IN (SELECT value FROM json_each(:polarities))
    AND (h.product IS NULL OR NOT EXISTS (
      SELECT 1 FROM rules_out r
      WHERE r.source = h.agent AND r.target = f.target AND (r.layer IS NULL OR r.layer = f.layer)
    ))
  GROUP BY f.target, h.agent
)
SELECT
  t.id AS threat,
  t.name AS name,
  count(*) AS count,
  json_group_array(a.id) AS agents,
  json_group_array(a.id || ' BASED_ON ' || f.product) FILTER (WHERE f.product IS NOT NULL) AS inherited
FROM faced f
CROSS JOIN threat t ON t.pk = f.threat
CROSS JOIN agent a ON a.pk = f.agent
GROUP BY t.pk
HAVING count(*) >= :min_agents
ORDER BY count DESC, threat
