// asks: Which controls weaken these threats, on whose word, and where are they in place?
// params: threats: list, agent, system
// returns: mitigation, name, form, tactic, count: integer, threats: set, effectiveness: float, statuses: set, sources: set,
//   in_place: set, inherited: set
// order: count desc, effectiveness desc, mitigation

// $agent, where given, is the only one whose controls are looked up; a member of $system also has those of its product.
MATCH (m:Mitigation)-[c:COUNTERS]->(t:Threat)
WHERE t.id IN $threats
WITH
  m,
  collect(DISTINCT t.id) AS threats,
  max(c.effectiveness) AS effectiveness,
  collect(DISTINCT c.status) AS statuses,
  reduce(found = [], some IN collect(coalesce(c.sources, [])) | found + some) AS sources
OPTIONAL MATCH (m)<-[i:IMPLEMENTS]-(holder:Agent)<-[:BASED_ON*0..1]-(a:Agent)
WHERE coalesce(i.coverage, 1.0) > 0
  AND ($agent IS NULL OR a.id = $agent)
  AND ($system IS NULL OR EXISTS { MATCH (a)-[:MEMBER_OF]->(:System {id: $system}) })
  AND (holder = a OR EXISTS { MATCH (a)-[:MEMBER_OF]->(s:System {id: $system}) WHERE coalesce(s.infer, true) })
WITH
  m,
  threats,
  effectiveness,
  statuses,
  sources,
  a,
  CASE WHEN min(CASE WHEN holder = a THEN 0 ELSE 1 END) = 1 THEN min(holder.id) END AS product
WITH
  m,
  threats,
  effectiveness,
  statuses,
  sources,
  collect(a.id) AS in_place,
  collect(a.id + ' BASED_ON ' + product) AS inherited
RETURN
  m.id AS mitigation,
  m.name AS name,
  m.form AS form,
  m.tactic AS tactic,
  size(threats) AS count,
  threats,
  effectiveness,
  statuses,
  reduce(found = [], one IN sources | CASE WHEN one IN found THEN found ELSE found + one END) AS sources,
  in_place,
  inherited
ORDER BY count DESC, coalesce(effectiveness, -1.0) DESC, mitigation
