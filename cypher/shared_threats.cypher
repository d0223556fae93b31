// asks: Which threats do several agents face, and which agents are they?
// params: threats: list, catalogs: list, layer, origins: list, certainties: list, polarities: list, system,
//   min_agents: integer
// returns: threat, name, count: integer, agents: set, inherited: set
// order: count desc, threat

// A member of $system also faces what its product faces (BASED_ON, one step), unless it rules that out itself.
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
WITH
  t,
  count(a) AS count,
  collect(a.id) AS agents,
  collect(a.id + ' BASED_ON ' + product) AS inherited
WHERE count >= $min_agents
RETURN
  t.id AS threat,
  t.name AS name,
  count,
  agents,
  inherited
ORDER BY count DESC, threat
