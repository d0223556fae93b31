// asks: Which documents print a score that does not follow from their own figures?
// params: claims: list, agent
// returns: assessment, agent, name, series, url, claims, faults: list
// order: agent, assessment

// $claims: differ, and for the remarks hold and unchecked. Only documents in force are looked at.
MATCH (d:Assessment)
WHERE d.claims IN $claims
  AND coalesce(d.in_force, true)
  AND ($agent IS NULL OR d.subject = $agent)
RETURN
  d.id AS assessment,
  d.subject AS agent,
  d.name AS name,
  d.series AS series,
  d.url AS url,
  d.claims AS claims,
  coalesce(d.claim_faults, []) AS faults
ORDER BY agent, assessment
