WITH
said(agent, certainty, assessment, product) AS (
  SELECT at.source, at.certainty, at.assessment, NULL
  FROM layer l
  CROSS JOIN assessed_at at ON at.target = l.pk
  WHERE l.id = :layer AND (
    :system IS NULL
    OR EXISTS (
      SELECT 1 FROM system s CROSS JOIN member_of m ON m.source = at.source AND m.target = s.pk WHERE s.id = :system
    )
  )
  UNION ALL
  SELECT m.source, at.certainty, at.assessment, p.id
  FROM system s
  CROSS JOIN member_of m ON m.target = s.pk
  CROSS JOIN based_on b ON b.source = m.source
  CROSS JOIN agent p ON p.pk = b.target
  CROSS JOIN layer l
  CROSS JOIN assessed_at at ON at.source = b.target AND at.target = l.pk
  WHERE s.id = :system AND coalesce(s.infer, 1) AND l.id = :layer
)
SELECT
  a.id AS agent,
  a.name AS name,
  min(said.certainty) AS certainty,
  json_group_array(DISTINCT d.id) FILTER (WHERE d.id IS NOT NULL) AS documents,
  CASE WHEN count(*) = count(said.product) THEN json_array(a.id || ' BASED_ON ' || min(said.product)) ELSE '[]' END AS inherited
FROM said
CROSS JOIN agent a ON a.pk = said.agent
LEFT JOIN assessment d ON d.pk = said.assessment
GROUP BY a.pk
HAVING :certainties IS NULL OR min(said.certainty) IN (SELECT value FROM json_each(:certainties))
ORDER BY agent
