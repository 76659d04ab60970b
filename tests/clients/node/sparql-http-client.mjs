// Asks the endpoint with sparql-http-client and prints what came, as JSON: node ... ENDPOINT
import ParsingClient from "sparql-http-client/ParsingClient.js";
import StreamClient from "sparql-http-client/StreamClient.js";

const endpointUrl = process.argv[2];
const storeUrl = endpointUrl.replace("/sparql", "/graph-store");
const client = new ParsingClient({ endpointUrl });
const passage = "<https://w3id.org/cecot/ontology#Passage>";
const found = {};

for (const operation of ["get", "postUrlencoded", "postDirect"]) {
  const rows = await client.query.select(`SELECT ?p { ?p a ${passage} }`, { operation });
  const graph = await client.query.construct(`CONSTRUCT WHERE { ?p a ${passage} }`, { operation });
  const ask = await client.query.ask(`ASK { ?p a ${passage} }`, { operation });
  found[operation] = { rows: rows.length, graph: graph.size, ask };
}
const streaming = new StreamClient({ endpointUrl, storeUrl });
const ontology = streaming.factory.namedNode("https://w3id.org/cecot/ontology");
found.store = 0;
for await (const quad of streaming.store.get(ontology)) {
  found.store += quad.graph.equals(ontology) ? 1 : 0;
}
console.log(JSON.stringify(found));
