SELECT
  a.id AS agent,
  a.name AS name,
  a.aivss AS aivss,
  a.severity AS severity,
  a.factor_sum AS factor_sum,
  a.cvss_base AS cvss_base,
  a.aivss_version AS aivss_version,
  coalesce(a.flags, '[]') AS flags
FROM agent a
WHERE a.aivss IS NOT NULL
  AND (:severities IS NULL OR a.severity IN (SELECT value FROM json_each(:severities)))
ORDER BY aivss DESC, agent
