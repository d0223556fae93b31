// asks: Which other agents face most of the threats that this agent faces?
// params: agent, threats: list, catalogs: list, layer, origins: list, certainties: list, polarities: list, system
// returns: agent, name, shared: integer, jaccard: float, threats: set, inherited: set
// order: jaccard desc, agent

// $threats are those that $agent faces (threats_of); only who faces one of them is looked at.
MATCH (wanted:Threat)<-[:FACES]-(:Agent)<-[:BASED_ON*0..1]-(a:Agent)
WHERE wanted.id IN $threats
  AND a.id <> $agent
WITH DISTINCT a
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
  AND ($catalogs IS NULL OR t.catalog IN $catalogs)
WITH a, t, CASE WHEN min(CASE WHEN holder = a THEN 0 ELSE 1 END) = 1 THEN min(holder.id) END AS product
WITH
  a,
  count(t) AS faced,
  collect(CASE WHEN t.id IN $threats THEN t.id END) AS threats,
  collect(DISTINCT CASE WHEN t.id IN $threats THEN a.id + ' BASED_ON ' + product END) AS inherited
WHERE size(threats) > 0
RETURN
  a.id AS agent,
  a.name AS name,
  size(threats) AS shared,
  toFloat(size(threats)) / (faced + size($threats) - size(threats)) AS jaccard,
  threats,
  inherited
ORDER BY jaccard DESC, agent
