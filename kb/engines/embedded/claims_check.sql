SELECT
  d.id AS assessment,
  d.subject AS agent,
  d.name AS name,
  d.series AS series,
  d.url AS url,
  d.claims AS claims,
  coalesce(d.claim_faults, '[]') AS faults
FROM assessment d
WHERE d.claims IN (SELECT value FROM json_each(:claims))
  AND coalesce(d.in_force, 1)
  AND (:agent IS NULL OR d.subject = :agent)
ORDER BY agent, assessment
