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
),
control(threat, agent, mitigation, status) AS (
  SELECT DISTINCT f.threat, f.agent, i.target, c.status
  FROM faced f
  CROSS JOIN held h ON h.agent = f.agent
  CROSS JOIN implements i ON i.source = h.holder
  CROSS JOIN counters c ON c.source = i.target AND c.target = f.threat
  WHERE coalesce(i.coverage, 1.0) > 0
),
covered(threat, agent) AS (
  SELECT DISTINCT k.threat, k.agent
  FROM control k
),
used(threat, mitigations, statuses) AS (
  SELECT k.threat, json_group_array(DISTINCT m.id), json_group_array(DISTINCT k.status) FILTER (WHERE k.status IS NOT NULL)
  FROM control k
  CROSS JOIN mitigation m ON m.pk = k.mitigation
  GROUP BY k.threat
)
SELECT
  t.id AS threat,
  t.name AS name,
  count(*) AS agents_facing,
  count(c.agent) AS agents_covered,
  json_group_array(a.id) FILTER (WHERE c.agent IS NULL) AS uncovered,
  coalesce(u.mitigations, '[]') AS mitigations,
  coalesce(u.statuses, '[]') AS statuses,
  json_group_array(a.id || ' BASED_ON ' || f.product) FILTER (WHERE f.product IS NOT NULL) AS inherited
FROM faced f
CROSS JOIN threat t ON t.pk = f.threat
CROSS JOIN agent a ON a.pk = f.agent
LEFT JOIN covered c ON c.threat = f.threat AND c.agent = f.agent
LEFT JOIN used u ON u.threat = f.threat
GROUP BY t.pk
ORDER BY agents_facing DESC, agents_covered, threat
