// asks: Which agents were assessed at this layer, how certainly, and by which documents?
// params: layer, certainties: list, system
// returns: agent, name, certainty, documents: set, inherited: set
// order: agent

// One document that commits itself makes the agent mapped: min() takes 'mapped' before 'uncertain', and null last.
MATCH (:Layer {id: $layer})<-[at:ASSESSED_AT]-(holder:Agent)<-[:BASED_ON*0..1]-(a:Agent)
WHERE ($system IS NULL OR EXISTS { MATCH (a)-[:MEMBER_OF]->(:System {id: $system}) })
  AND (holder = a OR EXISTS { MATCH (a)-[:MEMBER_OF]->(s:System {id: $system}) WHERE coalesce(s.infer, true) })
WITH
  a,
  min(at.certainty) AS certainty,
  collect(DISTINCT at.assessment) AS documents,
  CASE WHEN min(CASE WHEN holder = a THEN 0 ELSE 1 END) = 1 THEN min(holder.id) END AS product
WHERE $certainties IS NULL OR certainty IN $certainties
RETURN
  a.id AS agent,
  a.name AS name,
  certainty,
  documents,
  CASE WHEN product IS NULL THEN [] ELSE [a.id + ' BASED_ON ' + product] END AS inherited
ORDER BY agent
