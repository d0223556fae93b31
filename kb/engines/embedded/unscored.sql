SELECT
  a.id AS agent,
  a.name AS name,
  a.form AS form,
  a.aivss_version AS aivss_version,
  a.factor_sum AS factor_sum,
  a.cvss_base AS cvss_base,
  a.threat_multiplier AS threat_multiplier,
  a.mitigation_factor AS mitigation_factor,
  (
    SELECT json_group_array(DISTINCT c.id)
    FROM has_capability h
    CROSS JOIN capability c ON c.pk = h.target
    WHERE h.source = a.pk AND h.score IS NOT NULL AND c.id GLOB 'aivss:*'
  ) AS scored
FROM agent a
WHERE a.aivss IS NULL
ORDER BY agent
