// Asks the endpoint with Comunica and prints what came, as JSON: node comunica.mjs ENDPOINT
import { QueryEngine } from "@comunica/query-sparql";

const endpoint = process.argv[2];
const engine = new QueryEngine();
const passage = "<https://w3id.org/cecot/ontology#Passage>";
const rows = `SELECT ?p { ?p a ${passage} }`;

async function count(sources, query) {
  const stream = await engine.queryBindings(query, { sources });
  return (await stream.toArray()).length;
}

const told = { type: "sparql", value: endpoint };
const quads = await engine.queryQuads(`CONSTRUCT WHERE { ?p a ${passage} }`, { sources: [told] });
console.log(
  JSON.stringify({
    rows: await count([told], rows),
    detected: await count([endpoint], rows),
    graph: (await quads.toArray()).length,
    ask: await engine.queryBoolean(`ASK { ?p a ${passage} }`, { sources: [told] }),
    file: await count([endpoint.replace("/sparql", "/graph-store?default")], rows),
  }),
);
