WITH
counter(mitigation, threat, effectiveness, status, sources) AS (
  SELECT c.source, t.id, c.effectiveness, c.status, c.sources
  FROM json_each(:threats) w
  CROSS JOIN threat t ON t.id = w.value
  CROSS JOIN counters c ON c.target = t.pk
),
control(mitigation, threats, effectiveness, statuses) AS (
  SELECT
    c.mitigation,
    json_group_array(DISTINCT c.threat),
    max(c.effectiveness),
    json_group_array(DISTINCT c.status) FILTER (WHERE c.status IS NOT NULL)
  FROM counter c
  GROUP BY c.mitigation
),
sourced(mitigation, sources) AS (
  SELECT c.mitigation, json_group_array(DISTINCT s.value)
  FROM counter c
  CROSS JOIN json_each(c.sources) s
  GROUP BY c.mitigation
),
has(mitigation, agent, product) AS (
  SELECT c.mitigation, i.source, NULL
  FROM control c
  CROSS JOIN implements i ON i.target = c.mitigation
  WHERE coalesce(i.coverage, 1.0) > 0 AND (
    :system IS NULL
    OR EXISTS (
      SELECT 1 FROM system s CROSS JOIN member_of m ON m.source = i.source AND m.target = s.pk WHERE s.id = :system
    )
  )
  UNION ALL
  SELECT c.mitigation, b.source, p.id
  FROM control c
  CROSS JOIN implements i ON i.target = c.mitigation
  CROSS JOIN agent p ON p.pk = i.source
  CROSS JOIN based_on b ON b.target = i.source
  CROSS JOIN system s ON s.id = :system
  CROSS JOIN member_of m ON m.source = b.source AND m.target = s.pk
  WHERE coalesce(i.coverage, 1.0) > 0 AND coalesce(s.infer, 1)
),
placed(mitigation, agent, product) AS (
  SELECT h.mitigation, a.id, CASE WHEN count(*) = count(h.product) THEN min(h.product) END
  FROM has h
  CROSS JOIN agent a ON a.pk = h.agent
  WHERE :agent IS NULL OR a.id = :agent
  GROUP BY h.mitigation, a.pk
),
place(mitigation, agents, inherited) AS (
  SELECT
    p.mitigation,
    json_group_array(p.agent),
    json_group_array(p.agent || ' BASED_ON ' || p.product) FILTER (WHERE p.product IS NOT NULL)
  FROM placed p
  GROUP BY p.mitigation
)
SELECT
  m.id AS mitigation,
  m.name AS name,
  m.form AS form,
  m.tactic AS tactic,
  json_array_length(c.threats) AS count,
  c.threats AS threats,
  c.effectiveness AS effectiveness,
  c.statuses AS statuses,
  coalesce(s.sources, '[]') AS sources,
  coalesce(p.agents, '[]') AS in_place,
  coalesce(p.inherited, '[]') AS inherited
FROM control c
CROSS JOIN mitigation m ON m.pk = c.mitigation
LEFT JOIN sourced s ON s.mitigation = c.mitigation
LEFT JOIN place p ON p.mitigation = c.mitigation
ORDER BY count DESC, coalesce(c.effectiveness, -1.0) DESC, mitigation
