// Reads an OpenAPI document from the standard input and prints one JSON line: what is wrong with it, and how many examples were checked.
import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { readFileSync } from "node:fs";

const document = JSON.parse(readFileSync(0, "utf8"));
const faults = [];
const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

const official = await new Validator().validate(structuredClone(document));
if (!official.valid) faults.push(`The official schema refuses it: ${JSON.stringify(official.errors)}`);

const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
formats(ajv);
// The schemas are looked up within the document, whose own members are no rules.
ajv.addVocabulary(Object.keys(document));
ajv.addSchema(document, "document");
const escape = (name) => encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));
const validatorAt = (path) => ajv.compile({ $ref: `document#/${path.map(escape).join("/")}` });

// Every reference leads somewhere, and whatever is there to be referred to is.
const used = new Set();
const walk = (node, visit, path = []) => {
  if (node === null || typeof node !== "object") return;
  visit(node, path);
  for (const [name, value] of Object.entries(node)) walk(value, visit, [...path, name]);
};
walk(document, (node, path) => {
  if (typeof node.$ref !== "string") return;
  used.add(node.$ref);
  if (at(node.$ref) === undefined) faults.push(`/${path.join("/")}: nothing is at ${node.$ref}`);
});
for (const [kind, all] of Object.entries(document.components)) {
  if (kind === "securitySchemes") continue;
  for (const name of Object.keys(all)) if (!used.has(`#/components/${kind}/${name}`)) faults.push(`components/${kind}/${name} is used nowhere`);
}
function at(reference) {
  return reference.slice(2).split("/").reduce((node, name) => node?.[name.replaceAll("~1", "/").replaceAll("~0", "~")], document);
}

// Every schema can be understood.
for (const name of Object.keys(document.components.schemas)) tryTo(`components/schemas/${name}`, () => validatorAt(["components", "schemas", name]));
function tryTo(place, action) {
  try {
    action();
  } catch (error) {
    faults.push(`${place}: ${error.message}`);
  }
}

// Every example is valid.
let examples = 0;
function check(place, validator, value) {
  examples++;
  if (!validator(value)) faults.push(`${place}: ${ajv.errorsText(validator.errors)}`);
}
walk(document, (node, path) => {
  const place = `/${path.join("/")}`;
  if (node.schema !== undefined && (path.at(-2) === "content" || node.in !== undefined || path.at(-2) === "headers")) {
    tryTo(place, () => {
      const schema = validatorAt([...path, "schema"]);
      const given = node.examples === undefined ? [] : Object.values(node.examples).map((example) => example.value);
      if (node.example !== undefined) given.push(node.example);
      for (const value of given) check(place, schema, value);
      for (const value of node.schema.examples ?? []) check(place, schema, value);
    });
  }
  if (node["x-event-schema"] !== undefined) tryTo(place, () => {
    const frame = validatorAt([...path, "x-event-schema"]);
    for (const { value } of Object.values(node.examples)) for (const text of framesOf(value)) checkFrame(place, frame, text);
  });
});
function framesOf(stream) {
  if (!stream.endsWith("\n\n")) faults.push(`A stream ends within a frame: ${stream.slice(-40)}`);
  return stream.split("\n\n").filter((frame) => frame !== "" && !frame.startsWith(":"));
}
function checkFrame(place, validator, frame) {
  const lines = frame.split("\n");
  const name = lines.find((line) => line.startsWith("event: "))?.slice(7);
  const data = lines.find((line) => line.startsWith("data: "))?.slice(6);
  if (data === "[DONE]") return;
  const value = JSON.parse(data);
  if (name !== undefined && name !== value.type) faults.push(`${place}: the event ${name} has the type ${value.type}`);
  check(place, validator, value);
}

// What every operation has.
const ids = new Set(), tags = new Set(document.tags.map((tag) => tag.name));
for (const [path, item] of Object.entries(document.paths)) for (const method of methods.filter((name) => item[name] !== undefined)) {
  const operation = item[method], place = `${method} ${path}`;
  if (ids.has(operation.operationId)) faults.push(`${place}: the operation id is there twice`);
  ids.add(operation.operationId);
  if (operation.tags?.length !== 1 || !tags.has(operation.tags[0])) faults.push(`${place}: one tag of the document is missing`);
  if (!operation.summary) faults.push(`${place}: a summary is missing`);
  for (const response of Object.values(operation.responses)) {
    const { headers } = response.$ref === undefined ? response : at(response.$ref) ?? {};
    for (const name of ["x-request-id", "Server-Timing"]) if (headers?.[name] === undefined) faults.push(`${place}: a response lacks ${name}`);
  }
  for (const [type, { schema, examples: given }] of Object.entries(operation.requestBody?.content ?? {}))
    if (schema === undefined || given === undefined) faults.push(`${place}: ${type} needs a schema and an example`);
}

console.log(JSON.stringify({ faults, examples }));
