// asks: Which agents have the highest AIVSS score, and from which figures?
// params: severities: list
// returns: agent, name, aivss: float, severity, factor_sum: float, cvss_base: float, aivss_version, flags: list
// order: aivss desc, agent

// An agent without a score is not here, at whatever place: unscored has it.
MATCH (a:Agent)
WHERE a.aivss IS NOT NULL
  AND ($severities IS NULL OR a.severity IN $severities)
RETURN
  a.id AS agent,
  a.name AS name,
  a.aivss AS aivss,
  a.severity AS severity,
  a.factor_sum AS factor_sum,
  a.cvss_base AS cvss_base,
  a.aivss_version AS aivss_version,
  coalesce(a.flags, []) AS flags
ORDER BY aivss DESC, agent
