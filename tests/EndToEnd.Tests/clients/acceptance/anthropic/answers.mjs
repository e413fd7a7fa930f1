// What Anthropic's client is answered.
import { png, thrown, unique, weather } from "../kit.mjs";
import { asked, messages, read } from "./client.mjs";

const tools = [{ name: "get_weather", input_schema: { type: "object", properties: { city: { type: "string" } } } }];
const told = (message) => ({ text: message.content[0].text, stop: message.stop_reason, usage: [message.usage.input_tokens, message.usage.output_tokens] });

async function toolLoop(t, family) {
  const { client, model } = await t.begin("tools,chunks=3", { family });
  const first = await client.messages.create(asked(model, { tools }));
  const call = first.content[0];
  const result = { type: "tool_result", tool_use_id: call.id, content: '{"celsius":21}' };
  const talk = [...messages, { role: "assistant", content: first.content }, { role: "user", content: [result] }];
  const second = await client.messages.create(asked(await t.model("text=It%20is%2021%20degrees.", family), { tools, messages: talk }));
  const final = await client.messages.stream(asked(model, { tools })).finalMessage();
  const again = final.content[0];
  return {
    first: [first.stop_reason, call.name, call.input],
    second: [second.stop_reason, second.content[0].text],
    stream: [final.stop_reason, again.name, again.input],
  };
}

async function chat(t, family) {
  const { client, model } = await t.begin("chunks=4", { family });
  const plain = told(await client.messages.create(asked(model)));
  return { plain, stream: await read(await client.messages.create(asked(model, { stream: true }))), helper: told(await client.messages.stream(asked(model)).finalMessage()) };
}

async function count(t, family) {
  const { client, model } = await t.begin("", { family });
  return (await client.messages.countTokens({ model, messages, system: "Be kind.", tools })).input_tokens;
}

/** The old route, which the newer line has no more. */
async function complete(t, family) {
  const { client, model } = await t.begin("chunks=3", { family });
  if (!client.completions) return null;
  const asked = { model, prompt: "\n\nHuman: Say hello.\n\nAssistant:", max_tokens_to_sample: 50 };
  const plain = await client.completions.create(asked);
  const stream = ["", null];
  for await (const event of await client.completions.create({ ...asked, stream: true })) {
    stream[0] += event.completion;
    stream[1] = event.stop_reason ?? stream[1];
  }
  return { plain: [plain.completion, plain.stop_reason], stream, refused: await thrown(() => client.completions.create({ ...asked, prompt: "Hello" })) };
}

export const quick = {
  async plain(t) {
    const { client, model } = await t.begin("chunks=8", { family: "anthropic" });
    return told(await client.messages.create(asked(model, { system: "Be kind." })));
  },

  async stream(t) {
    const { client, model } = await t.begin("chunks=8", { family: "anthropic" });
    return read(await client.messages.create(asked(model, { stream: true })));
  },

  async helper(t) {
    const { client, model } = await t.begin("chunks=8", { family: "anthropic" });
    return told(await client.messages.stream(asked(model)).finalMessage());
  },

  async headers(t) {
    const { client, model } = await t.begin("", { family: "anthropic" });
    const { data, response, request_id } = await client.messages.create(asked(model)).withResponse();
    const header = (name) => response.headers.get(name);
    return {
      id: [data._request_id === header("request-id"), request_id === header("x-request-id")],
      timing: /^admission;dur=[\d.]+, upstream;dur=[\d.]+, total;dur=[\d.]+$/.test(header("server-timing")),
      requests: [header("anthropic-ratelimit-requests-limit"), Number(header("anthropic-ratelimit-requests-remaining")) > 0],
      reset: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(header("anthropic-ratelimit-tokens-reset")),
    };
  },

  tools: (t) => toolLoop(t, "anthropic"),
  gptTools: (t) => toolLoop(t, "openai"),
  ernieTools: (t) => toolLoop(t, "wenxin"),
  qianfanTools: (t) => toolLoop(t, "wenxin-v2"),
  gpt: (t) => chat(t, "openai"),
  ernie: (t) => chat(t, "wenxin"),
  qianfan: (t) => chat(t, "wenxin-v2"),

  async schema(t) {
    const { client, model } = await t.begin("", { family: "anthropic" });
    return JSON.parse((await client.messages.create(asked(model, { output_config: { format: { type: "json_schema", schema: weather } } }))).content[0].text);
  },

  async gptSchema(t) {
    const { client, model } = await t.begin("");
    return JSON.parse((await client.messages.create(asked(model, { output_config: { format: { type: "json_schema", schema: weather } } }))).content[0].text);
  },

  async images(t) {
    const { client, model } = await t.begin(`code=${unique()}`, { family: "anthropic" });
    const source = { type: "base64", media_type: "image/png", data: png };
    const answer = await client.messages.create(asked(model, { messages: [{ role: "user", content: [{ type: "image", source }, { type: "text", text: "What is this?" }] }] }));
    const [body] = await t.received();
    return { stop: answer.stop_reason, same: body.messages[0].content[0].source.data === png };
  },

  countTokens: (t) => count(t, "anthropic"),
  gptCountTokens: (t) => count(t, "openai"),

  complete: (t) => complete(t, "anthropic"),
  gptComplete: (t) => complete(t, "openai"),
  ernieComplete: (t) => complete(t, "wenxin"),

  async models(t) {
    const { client, model } = await t.begin("", { family: "anthropic" });
    const ids = [];
    for await (const one of client.models.list()) ids.push(one.id);
    return { listed: ids.includes(model), one: (await client.models.retrieve(model)).display_name === model, unknown: await thrown(() => client.models.retrieve("no/such model")) };
  },
};

export const long = {
  async heartbeats(t) {
    const { client, model } = await t.begin("chunks=2,interval=16s", { family: "anthropic" });
    return told(await client.messages.stream(asked(model)).finalMessage());
  },
};
