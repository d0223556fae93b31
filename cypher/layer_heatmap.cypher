// asks: At which layers do agents face threats, agent by agent or threat by threat?
// params: by, catalogs: list, origins: list, certainties: list, polarities: list, system
// returns: layer, id, name, count: integer, certainty, inherited: set
// order: layer, id

// By agents, a layer that a document speaks of counts 0 threats where none is known there: that is not the same as no row.
// The layer is null where a summary says so. min() takes 'mapped' before 'uncertain', and null last.
MATCH (target:Threat|Layer)<-[f:FACES|ASSESSED_AT]-(holder:Agent)<-[:BASED_ON*0..1]-(a:Agent)
WHERE ($by = 'agents' OR target:Threat)
  AND ($certainties IS NULL OR f.certainty IN $certainties)
  AND (target:Layer OR (
    ($catalogs IS NULL OR target.catalog IN $catalogs)
    AND f.origin IN $origins
    AND coalesce(f.polarity, 'stated') IN $polarities
  ))
  AND ($system IS NULL OR EXISTS { MATCH (a)-[:MEMBER_OF]->(:System {id: $system}) })
  AND (holder = a OR (
    EXISTS { MATCH (a)-[:MEMBER_OF]->(s:System {id: $system}) WHERE coalesce(s.infer, true) }
    AND NOT EXISTS { MATCH (a)-[r:RULES_OUT]->(target) WHERE r.layer IS NULL OR r.layer = f.layer }
  ))
WITH
  CASE type(f) WHEN 'FACES' THEN f.layer ELSE target.id END AS layer,
  CASE type(f) WHEN 'FACES' THEN target.id END AS threat,
  CASE type(f) WHEN 'FACES' THEN target.name END AS threat_name,
  a,
  min(f.certainty) AS certainty,
  CASE WHEN min(CASE WHEN holder = a THEN 0 ELSE 1 END) = 1 THEN min(holder.id) END AS product
WITH
  layer,
  CASE $by WHEN 'agents' THEN a.id ELSE threat END AS id,
  CASE $by WHEN 'agents' THEN a.name ELSE threat_name END AS name,
  CASE $by WHEN 'agents' THEN threat ELSE a.id END AS counted,
  certainty,
  a.id + ' BASED_ON ' + product AS inherited
RETURN
  layer,
  id,
  name,
  count(counted) AS count,
  min(certainty) AS certainty,
  collect(DISTINCT inherited) AS inherited
ORDER BY coalesce(layer, ''), id
