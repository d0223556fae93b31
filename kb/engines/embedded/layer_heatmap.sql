WITH
candidate(agent) AS (
  SELECT a.pk
  FROM agent a
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
said(layer, threat, agent, certainty, product) AS (
  SELECT f.layer, f.target, h.agent, f.certainty, h.product
  FROM held h
  CROSS JOIN faces f ON f.source = h.holder
  CROSS JOIN threat t ON t.pk = f.target
  WHERE (:catalogs IS NULL OR t.catalog IN (SELECT value FROM json_each(:catalogs)))
    AND f.origin IN (SELECT value FROM json_each(:origins))
    AND coalesce(f.polarity, 'stated') IN (SELECT value FROM json_each(:polarities))
    AND (h.product IS NULL OR NOT EXISTS (
      SELECT 1 FROM rules_out r
      WHERE r.source = h.agent AND r.target = f.target AND (r.layer IS NULL OR r.layer = f.layer)
    ))
  UNION ALL
  SELECT l.id, NULL, h.agent, at.certainty, h.product
  FROM held h
  CROSS JOIN assessed_at at ON at.source = h.holder
  CROSS JOIN layer l ON l.pk = at.target
  WHERE :by = 'agents'
),
cell(layer, threat, agent, certainty, product) AS (
  SELECT s.layer, s.threat, s.agent, min(s.certainty), CASE WHEN count(*) = count(s.product) THEN min(s.product) END
  FROM said s
  WHERE :certainties IS NULL OR s.certainty IN (SELECT value FROM json_each(:certainties))
  GROUP BY s.layer, s.threat, s.agent
)
SELECT
  c.layer AS layer,
  CASE :by WHEN 'agents' THEN a.id ELSE t.id END AS id,
  CASE :by WHEN 'agents' THEN a.name ELSE t.name END AS name,
  count(c.threat) AS count,
  min(c.certainty) AS certainty,
  json_group_array(DISTINCT a.id || ' BASED_ON ' || c.product) FILTER (WHERE c.product IS NOT NULL) AS inherited
FROM cell c
CROSS JOIN agent a ON a.pk = c.agent
LEFT JOIN threat t ON t.pk = c.threat
GROUP BY c.layer, CASE :by WHEN 'agents' THEN a.pk ELSE t.pk END
ORDER BY coalesce(layer, ''), id
