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
),
counted(layer, cell, count, certainty, inherited) AS (
  SELECT
    c.layer,
    CASE :by WHEN 'agents' THEN c.agent ELSE c.threat END AS pk,
    count(c.threat),
    min(c.certainty),
    json_group_array(DISTINCT (SELECT a.id FROM agent a WHERE a.pk = c.agent) || ' BASED_ON ' || c.product)
      FILTER (WHERE c.product IS NOT NULL)
  FROM cell c
  GROUP BY c.layer, pk
)
SELECT
  c.layer AS layer,
  coalesce(a.id, t.id) AS id,
  CASE :by WHEN 'agents' THEN a.name ELSE t.name END AS name,
  c.count AS count,
  c.certainty AS certainty,
  c.inherited AS inherited
FROM counted c
LEFT JOIN agent a ON :by = 'agents' AND a.pk = c.cell
LEFT JOIN threat t ON :by <> 'agents' AND t.pk = c.cell
ORDER BY coalesce(layer, ''), id
