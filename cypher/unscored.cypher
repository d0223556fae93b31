// asks: Which agents have no AIVSS score, and which of its inputs are known?
// params:
// returns: agent, name, form, aivss_version, factor_sum: float, cvss_base: float, threat_multiplier: float,
//   mitigation_factor: float, scored: set
// order: agent

// scored: the AIVSS factors that some document in force gives a degree.
MATCH (a:Agent)
WHERE a.aivss IS NULL
OPTIONAL MATCH (a)-[h:HAS_CAPABILITY]->(c:Capability)
WHERE c.id STARTS WITH 'aivss:'
  AND h.score IS NOT NULL
WITH a, collect(DISTINCT c.id) AS scored
RETURN
  a.id AS agent,
  a.name AS name,
  a.form AS form,
  a.aivss_version AS aivss_version,
  a.factor_sum AS factor_sum,
  a.cvss_base AS cvss_base,
  a.threat_multiplier AS threat_multiplier,
  a.mitigation_factor AS mitigation_factor,
  scored
ORDER BY agent
