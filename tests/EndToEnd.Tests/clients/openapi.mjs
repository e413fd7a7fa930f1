// Sends every request that the OpenAPI document shows as an example to a running suite and holds the answers against the document: status, headers, body, frames.
// Prints one JSON line: how many answers were checked, which operations nobody serves, and what is wrong.
import Ajv from "ajv/dist/2020.js";
import formats from "ajv-formats";

const { AIGC2D_BASE_URL: base, AIGC2D_API_KEY: key } = process.env;
const document = await (await fetch(`${base}/openapi.json`)).json();
const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
formats(ajv);
ajv.addVocabulary(Object.keys(document));
ajv.addSchema(document, "document");
const escape = (name) => encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));
const resolve = (node, path) => node.$ref === undefined
  ? [node, path]
  : ((names) => [names.reduce((at, name) => at[name], document), names])(node.$ref.slice(2).split("/"));

let checked = 0, requestId, madeId, month;
const faults = [];

// What an example cannot know: ids of things that were made a moment ago.
const parameters = { id: () => madeId, requestId: () => requestId, month: () => month };

// Later ones need what earlier ones made; a provider key takes calls away from the Sandbox, so it comes last.
const order = (path) => ["/v1/", "/api/account", "/api/keys", "/api/prices", "/api/statements", "/api/usage", "/api/charges", "/api/redemptions", "/openapi", "/docs", "/api/provider"].findIndex((start) => path.startsWith(start));
const methods = ["post", "get", "patch", "delete"];
// The code of the example is nobody's; whoever tries a key out asks a provider that is not here.
const expected = { "post /api/redemptions": "404" }, untried = ["post /api/provider-keys/{id}/test"];

for (const path of Object.keys(document.paths).sort((a, b) => order(a) - order(b) || a.length - b.length))
  for (const method of methods.filter((name) => document.paths[path][name] !== undefined && !untried.includes(`${name} ${path}`))) await tryOut(method, path);

async function tryOut(method, path) {
  const operation = document.paths[path][method];
  const examples = Object.entries(operation.requestBody?.content["application/json"].examples ?? { "": {} });
  const address = path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(operation.parameters.find((one) => one.name === name)?.example ?? parameters[name]()));
  if (operation.security === undefined) await ask(method, path, address, undefined, {}, "401");
  for (const [name, { value }] of examples) {
    const status = expected[`${method} ${path}`] ?? Object.keys(operation.responses).find((one) => one.startsWith("2"));
    const answer = await ask(method, path, address, value, { authorization: `Bearer ${key}` }, status, name);
    if (path === "/v1/chat/completions") requestId = answer.headers.get("x-request-id");
    if (method === "post" && answer.body?.id !== undefined) madeId = answer.body.id;
    if (path === "/api/statements") month = answer.body.items[0].month;
  }
}

async function ask(method, path, address, body, headers, wanted, example = "") {
  const place = `${method} ${path} ${example}`.trim();
  const sent = { method: method.toUpperCase(), headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) }, body: body === undefined ? undefined : JSON.stringify(body) };
  let answer = await fetch(base + address, sent);
  // A call is charged a moment after it has ended.
  for (let tries = 0; path.startsWith("/api/charges") && answer.status === 404 && tries < 100; tries++) answer = await new Promise((go) => setTimeout(go, 100)).then(() => fetch(base + address, sent));

  const text = await answer.text();
  checked++;
  if (`${answer.status}` !== wanted) {
    faults.push(`${place}: ${answer.status} instead of ${wanted}: ${text.slice(0, 300)}`);
    return { headers: answer.headers };
  }

  const responses = document.paths[path][method].responses;
  const status = responses[wanted] === undefined ? `${wanted[0]}XX` : wanted;
  const [response, at] = resolve(responses[status], ["paths", path, method, "responses", status]);
  for (const name of Object.keys(response.headers)) if (!answer.headers.has(name) && !(wanted === "304")) faults.push(`${place}: the header ${name} is missing`);
  const type = answer.headers.get("content-type")?.split(";")[0];
  if (response.content === undefined) {
    if (text !== "") faults.push(`${place}: a body that the document does not know`);
    return { headers: answer.headers };
  }

  if (response.content[type] === undefined) faults.push(`${place}: the type ${type} is not in the document`);
  else if (type === "text/event-stream") checkFrames(place, text, compile([...at, "content", type, "x-event-schema"]));
  else if (type.endsWith("json")) {
    const valid = compile([...at, "content", type, "schema"]), value = JSON.parse(text);
    if (!valid(value)) faults.push(`${place}: ${ajv.errorsText(valid.errors)}: ${text.slice(0, 300)}`);
    return { headers: answer.headers, body: value };
  }

  return { headers: answer.headers };
}

function compile(path) {
  return ajv.compile({ $ref: `document#/${path.map(escape).join("/")}` });
}

function checkFrames(place, stream, valid) {
  const frames = stream.split("\n\n").filter((frame) => frame !== "" && !frame.startsWith(":"));
  if (frames.length < 3) faults.push(`${place}: only ${frames.length} frames`);
  for (const frame of frames) {
    const data = frame.split("\n").find((line) => line.startsWith("data: ")).slice(6);
    if (data !== "[DONE]" && !valid(JSON.parse(data))) faults.push(`${place}: ${ajv.errorsText(valid.errors)}: ${data.slice(0, 300)}`);
  }
}

console.log(JSON.stringify({ checked, faults }));
