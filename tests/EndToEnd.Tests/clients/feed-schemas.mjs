// Checks the whole feed, read over HTTP, with a general JSON Schema validator. Prints one JSON line: events by type, and what is wrong.
import Ajv from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";

const { AIGC2D_ADMIN_URL: http, AIGC2D_FINANCE_KEY: key } = process.env;
const folder = new URL("../../../docs/finance-feed/", import.meta.url);
const ajv = new Ajv({ strict: true, strictTypes: false, allErrors: true });
formats(ajv);

const { components } = parse(readFileSync(new URL("asyncapi.yaml", folder), "utf8"));
const validators = new Map(Object.values(components.messages).map(({ name, payload }) => [name, ajv.compile(JSON.parse(readFileSync(new URL(payload.schema.$ref, folder), "utf8")))]));
const unused = readdirSync(folder).filter((file) => file.endsWith(".schema.json")).length - validators.size;

const types = {}, faults = [];
for (let after = 0; ;) {
  const response = await fetch(`${http}/finance/events?after=${after}&limit=10000`, { headers: { authorization: `Bearer ${key}` } });
  if (!response.ok) throw new Error(`The replay was refused with ${response.status}.`);
  const { events, next } = await response.json();
  if (events.length === 0) break;
  for (const event of events) {
    types[event.type] = (types[event.type] ?? 0) + 1;
    const isValid = validators.get(event.type);
    if (isValid === undefined) faults.push(`${event.type} is not documented`);
    else if (!isValid(event)) faults.push(`${event.type} ${ajv.errorsText(isValid.errors)}`);
  }
  after = next;
}

console.log(JSON.stringify({ types, unused, faults: faults.slice(0, 10) }));
