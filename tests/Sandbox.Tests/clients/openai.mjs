// Drives OpenAI's official client, also on Azure's paths and against Wenxin v2, whose format is OpenAI's.
import OpenAI, { AzureOpenAI } from "openai";
import { errorsOf, png, received, run, thrown, weather } from "./scenarios.mjs";

const url = process.env.SANDBOX_URL;
const options = { baseURL: `${url}/v1`, apiKey: "sk-sandbox" };
const client = new OpenAI({ ...options, maxRetries: 0 });
const retrying = new OpenAI(options);
const azure = (deployment, more = {}) => new AzureOpenAI({ endpoint: url, apiKey: "azure-key", apiVersion: "2024-10-21", deployment, maxRetries: 0, ...more });
const qianfan = new OpenAI({ baseURL: `${url}/v2`, apiKey: "bce-v3/sandbox", maxRetries: 0 });
const messages = [{ role: "user", content: "Hello, world!" }];
const tools = [{ type: "function", function: { name: "get_weather", parameters: { type: "object", properties: { city: { type: "string" } } } } }];

async function read(stream) {
  let text = "", thinking = "", finish = null, usage = null, chunks = 0;
  for await (const chunk of stream) {
    chunks++;
    text += chunk.choices[0]?.delta?.content ?? "";
    thinking += chunk.choices[0]?.delta?.reasoning_content ?? "";
    finish = chunk.choices[0]?.finish_reason ?? finish;
    usage = chunk.usage ?? usage;
  }
  return { text, thinking, finish, tokens: usage && [usage.prompt_tokens, usage.completion_tokens], chunks };
}

const scenarios = {
  async plain() {
    const { data, response } = await client.chat.completions.create({ model: "gpt-js-plain@remaining=3,reset=90s", messages }).withResponse();
    const limit = (name) => response.headers.get(`x-ratelimit-${name}-requests`);
    const tokens = [data.usage.prompt_tokens, data.usage.completion_tokens];
    return { text: data.choices[0].message.content, tokens, hasId: data._request_id.length > 0, limits: [limit("limit"), limit("remaining"), limit("reset")] };
  },

  async stream() {
    return read(await client.chat.completions.create({ model: "gpt-js-stream@chunks=3,reasoning=2", messages, stream: true, stream_options: { include_usage: true } }));
  },

  async helper() {
    const final = await client.chat.completions.stream({ model: "gpt-js-helper@tools=2", messages, tools }).finalChatCompletion();
    return { finish: final.choices[0].finish_reason, calls: final.choices[0].message.tool_calls.map((call) => [call.function.name, call.function.arguments]) };
  },

  async schema() {
    const response_format = { type: "json_schema", json_schema: { name: "weather", strict: true, schema: weather } };
    return (await client.chat.completions.parse({ model: "gpt-js-schema", messages, response_format })).choices[0].message.parsed;
  },

  async images() {
    const content = [{ type: "text", text: "What is this?" }, { type: "image_url", image_url: { url: `data:image/png;base64,${png}` } }];
    return (await client.chat.completions.create({ model: "gpt-js-image@echo", messages: [{ role: "user", content }] })).choices[0].message.content;
  },

  async embeddings() {
    const ask = async (more) => (await client.embeddings.create({ model: "text-embedding-3-small", input: ["one", "two"], ...more })).data.map((one) => one.embedding);
    const [encoded, floats, small] = [await ask({}), await ask({ encoding_format: "float" }), await ask({ dimensions: 8 })];
    const refused = await thrown("text-embedding-3-large", () => client.embeddings.create({ model: "text-embedding-3-large", input: "one", dimensions: 5000 }));
    const nearly = (left, right) => left.every((number, i) => Math.abs(number - right[i]) < 1e-6);
    return { sizes: [encoded.length, encoded[0].length, floats[1].length, small[0].length], same: nearly(encoded[0], floats[0]), differ: !nearly(floats[0], floats[1]), refused: refused.status };
  },

  async embeddingInputs() {
    const ask = async (model, more) => client.embeddings.create({ model, ...more });
    const ids = await ask("text-embedding-3-large", { input: [[7, 8, 9], [10]] });
    const text = await ask("text-embedding-ada-002", { input: "Hello, world!" });
    const wished = await ask("gpt-js-embed@floats", { input: "one" });
    const raw = await ask("gpt-js-embed@floats", { input: "one", encoding_format: "base64" });
    return {
      ids: [ids.data.map((one) => one.embedding.length), ids.usage.prompt_tokens], text: [text.data[0].embedding.length, text.usage.prompt_tokens],
      unwishedFloats: [wished.data[0].embedding.length, Array.isArray(raw.data[0].embedding)],
    };
  },

  async otherFailures() {
    const embed = (one, model) => one.embeddings.create({ model, input: "one" });
    const moderate = (one, model) => one.moderations.create({ model, input: "one" });
    const [model, limited, cut, garbage, refused] = ["gpt-js-embed-back@status=503,fails=1", "gpt-js-embed-429@status=429", "gpt-js-embed-cut@cut=0", "gpt-js-embed-garbage@garbage=0", "gpt-js-moderate@status=400"];
    const back = await embed(retrying, model);
    const failed = [
      await thrown(limited, () => embed(client, limited)), await thrown(cut, () => embed(client, cut)),
      await thrown(garbage, () => embed(client, garbage)), await thrown(refused, () => moderate(retrying, refused)),
    ];
    return [back.data[0].embedding.length, (await received(model)).length, ...failed.map((one) => `${one.error.replace(/APIConnectionError|TypeError/, "broken")} ${one.status ?? null} ${one.requests}`)];
  },

  async completions() {
    const ask = (model, more) => client.completions.create({ model, prompt: "Hello, world!", ...more });
    const plain = await ask("gpt-js-cmpl");
    const many = await ask("gpt-js-cmpl-many@text=!", { prompt: ["a", "b"], n: 2, best_of: 3, echo: true });
    const ids = await ask("gpt-js-cmpl-ids", { prompt: [7, 8, 9], max_tokens: 2 });
    return {
      plain: [plain.object, plain.id.slice(0, 5), plain.choices[0].text, plain.choices[0].logprobs, plain.choices[0].finish_reason, plain.usage.prompt_tokens, plain.usage.completion_tokens],
      many: [many.choices.map((choice) => `${choice.index}${choice.text}`).join(" "), many.usage.completion_tokens],
      ids: [ids.choices[0].text, ids.choices[0].finish_reason, ids.usage.prompt_tokens],
    };
  },

  async completionStream() {
    let text = "", finish = null, usage = null;
    for await (const chunk of await client.completions.create({ model: "gpt-js-cmpl-stream@chunks=3", prompt: "Hi", stream: true, stream_options: { include_usage: true } })) {
      text += chunk.choices[0]?.text ?? "";
      finish = chunk.choices[0]?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
    }
    return [text, finish, usage.prompt_tokens, usage.completion_tokens];
  },

  async completionFailures() {
    const ask = (model, stream) => thrown(model, async () => {
      const answer = await client.completions.create({ model, prompt: "Hi", stream });
      if (stream) for await (const chunk of answer) void chunk;
    });
    const [limited, failed, cut] = await Promise.all([ask("gpt-js-cmpl-429@status=429", false), ask("gpt-js-cmpl-err@chunks=4,errorframe=2,code=overloaded", true), ask("gpt-js-cmpl-cut@delay=300ms,chunks=4,cut=2", true)]);
    return [limited.error, limited.code, failed.error, failed.code, cut.message];
  },

  async moderations() {
    const one = await client.moderations.create({ model: "omni-moderation-latest", input: ["peace", "flag:violence/graphic"] });
    return one.results.map((result) => [result.flagged, result.categories.violence, result.categories["violence/graphic"]]);
  },

  async models() {
    const ids = [];
    for await (const one of client.models.list()) ids.push(one.id);
    const missing = await thrown("none", () => client.models.retrieve("no/such model"));
    return { known: ids.includes("gpt-4o-mini"), one: (await client.models.retrieve("gpt-4o-mini")).id, missing: [missing.status, missing.code] };
  },

  async errors() {
    return errorsOf([400, 401, 403, 404, 409, 422, 429, 500, 503], (status) => `gpt-js-s${status}@status=${status}`, (model) => retrying.chat.completions.create({ model, messages }));
  },

  async recovers() {
    const model = "gpt-js-recovers@status=503,fails=2,text=Back.";
    const answer = await retrying.chat.completions.create({ model, messages });
    return [answer.choices[0].message.content, (await received(model)).length];
  },

  async midStreamError() {
    const model = "gpt-js-broken@chunks=4,errorframe=2,code=overloaded";
    const { error, type, code } = await thrown(model, async () => read(await client.chat.completions.create({ model, messages, stream: true })));
    return [error, type, code];
  },

  // Slow enough that a busy client has seen the beginning before the end: one that meets both at once speaks of a connection that never was.
  async cut() {
    const model = "gpt-js-cut@delay=300ms,chunks=4,cut=2";
    return (await thrown(model, async () => read(await client.chat.completions.create({ model, messages, stream: true })))).message;
  },

  async azurePlain() {
    const deployment = "gpt-az-plain@text=50%25%20off%2Fyou";
    const answer = await azure(deployment).chat.completions.create({ messages });
    const request = (await received("gpt-az-plain"))[0];
    const filtered = answer.choices[0].content_filter_results.violence.filtered;
    return { text: answer.choices[0].message.content, filtered, model: request.model, query: request.query, key: request.headers["api-key"] };
  },

  async azureStream() {
    return read(await azure("gpt-az-stream@chunks=3").chat.completions.create({ messages, stream: true, stream_options: { include_usage: true } }));
  },

  async azureErrors() {
    const found = await errorsOf([400, 401, 404, 429], (status) => `gpt-az-s${status}@status=${status}`, (model) => azure(model).chat.completions.create({ messages }));
    const filtered = "gpt-az-filter@status=400,code=content_filter";
    const error = await azure(filtered).chat.completions.create({ messages }).catch((caught) => caught);
    return { ...found, filter: [error.code, error.error.innererror.content_filter_result.violence] };
  },

  async azureCompletions() {
    const answer = await azure("gpt-az-cmpl@text=Hello").completions.create({ model: "x", prompt: "Hi" });
    return [answer.choices[0].text, answer.choices[0].content_filter_results.hate.severity, (await received("gpt-az-cmpl"))[0].path];
  },

  async azureEmbeddings() {
    return (await azure("text-embedding-3-small").embeddings.create({ model: "x", input: "one" })).data[0].embedding.length;
  },

  async qianfan() {
    const model = "ernie-js@finish=normal,reasoning=2,cached=4";
    const plain = await qianfan.chat.completions.create({ model, messages });
    const stream = await read(await qianfan.chat.completions.create({ model: "ernie-js-stream@chunks=3", messages, stream: true, stream_options: { include_usage: true } }));
    const error = await qianfan.chat.completions.create({ model: "ernie-js-fails@status=403", messages }).catch((caught) => caught);
    const refused = await qianfan.chat.completions.create({ model: "ernie-js-role", messages: [{ role: "developer", content: "x" }] }).catch((caught) => caught);
    return {
      plain: [plain.choices[0].finish_reason, plain.choices[0].flag, plain.choices[0].message.reasoning_content, plain.usage.prompt_tokens_details.cached_tokens, plain.id.slice(0, 3)],
      stream,
      error: [error.status, error.code, error.type, error.param ?? null],
      refused: [refused.status, refused.code],
      models: (await qianfan.models.list()).data.map((one) => one.id),
      embedding: (await qianfan.embeddings.create({ model: "embedding-v1", input: "one", encoding_format: "float" })).data[0].embedding.length,
    };
  },
};

await run(scenarios);
