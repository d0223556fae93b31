// asks: Against which threats do agents have a control in place, and which agents have none?
// params: threats: list, catalogs: list, layer, origins: list, certainties: list, polarities: list, system
// returns: threat, name, agents_facing: integer, agents_covered: integer, uncovered: set, mitigations: set, statuses: set,
//   inherited: set
// order: agents_facing desc, agents_covered, threat

// A member of $system also has the controls of its product. A control counts where it counters the very threat.
MATCH (t:Threat)<-[f:FACES]-(holder:Agent)<-[:BASED_ON*0..1]-(a:Agent)
WHERE ($layer IS NULL OR f.layer = $layer)
  AND f.origin IN $origins
  AND ($certainties IS NULL OR f.certainty IN $certainties)
  AND coalesce(f.polarity, 'stated') IN $polarities
  AND ($system IS NULL OR EXISTS { MATCH (a)-[:MEMBER_OF]->(:System {id: $system}) })
  AND (holder = a OR (
    EXISTS { MATCH (a)-[:MEMBER_OF]->(s:System {id: $system}) WHERE coalesce(s.infer, true) }
    AND NOT EXISTS { MATCH (a)-[r:RULES_OUT]->(t) WHERE r.layer IS NULL OR r.layer = f.layer }
  ))
  AND ($threats IS NULL OR t.id IN $threats)
  AND ($catalogs IS NULL OR t.catalog IN $catalogs)
WITH t, a, CASE WHEN min(CASE WHEN holder = a THEN 0 ELSE 1 END) = 1 THEN min(holder.id) END AS product
OPTIONAL MATCH (a)-[:BASED_ON*0..1]->(owner:Agent)-[i:IMPLEMENTS]->(m:Mitigation)-[c:COUNTERS]->(t)
WHERE coalesce(i.coverage, 1.0) > 0
  AND (owner = a OR EXISTS { MATCH (a)-[:MEMBER_OF]->(s:System {id: $system}) WHERE coalesce(s.infer, true) })
WITH t, a, product, collect(DISTINCT m.id) AS controls, collect(DISTINCT c.status) AS words
WITH
  t,
  count(a) AS agents_facing,
  collect(CASE WHEN size(controls) = 0 THEN a.id END) AS uncovered,
  reduce(found = [], some IN collect(controls) | found + some) AS controls,
  reduce(found = [], some IN collect(words) | found + some) AS words,
  collect(a.id + ' BASED_ON ' + product) AS inherited
RETURN
  t.id AS threat,
  t.name AS name,
  agents_facing,
  agents_facing - size(uncovered) AS agents_covered,
  uncovered,
  reduce(found = [], one IN controls | CASE WHEN one IN found THEN found ELSE found + one END) AS mitigations,
  reduce(found = [], one IN words | CASE WHEN one IN found THEN found ELSE found + one END) AS statuses,
  inherited
ORDER BY agents_facing DESC, agents_covered, threat
