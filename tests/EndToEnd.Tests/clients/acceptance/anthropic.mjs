// Anthropic's official client as a developer uses it, either line: node anthropic.mjs PACKAGE. Only base URL and key are ours.
import { png, run, thrown, unique, url, weather } from "./kit.mjs";

const { default: Anthropic } = await import(process.argv[2]);
const open = (key, options) => new Anthropic({ baseURL: url, apiKey: key, ...options });
const messages = [{ role: "user", content: "Say hello." }];
const tools = [{ name: "get_weather", input_schema: { type: "object", properties: { city: { type: "string" } } } }];
const told = (message) => ({ text: message.content[0].text, stop: message.stop_reason, usage: [message.usage.input_tokens, message.usage.output_tokens] });
const asked = (model, more = {}) => ({ model, max_tokens: 100, messages, ...more });

/** The raw events of a stream, put together by hand. */
async function read(stream, until = Infinity) {
  const seen = { text: "", stop: null, usage: [0, 0] };
  for await (const event of stream) {
    const usage = event.message?.usage ?? event.usage ?? {};
    seen.usage = [usage.input_tokens ?? seen.usage[0], usage.output_tokens ?? seen.usage[1]];
    seen.text += event.delta?.text ?? "";
    seen.stop = event.delta?.stop_reason ?? seen.stop;
    if (seen.text.length >= until) break;
  }
  return seen;
}

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

async function fails(t, script, { more = {}, ...settings } = {}) {
  const { client, model } = await t.begin(script, { family: "anthropic", ...settings });
  return thrown(() => client.messages.create(asked(model, more)));
}

const scenarios = {
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
      requests: [header("anthropic-ratelimit-requests-limit"), header("anthropic-ratelimit-requests-remaining")],
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

  async countTokens(t) {
    const { client, model } = await t.begin("", { family: "anthropic" });
    return client.messages.countTokens({ model, messages, system: "Be kind.", tools });
  },

  async models(t) {
    const { client, model } = await t.begin("", { family: "anthropic" });
    const ids = [];
    for await (const one of client.models.list()) ids.push(one.id);
    return { listed: ids.includes(model), one: (await client.models.retrieve(model)).display_name === model, unknown: await thrown(() => client.models.retrieve("no/such model")) };
  },

  async complete(t) {
    const { client, model } = await t.begin("chunks=3", { family: "anthropic" });
    if (!client.completions) return null;
    const prompt = "\n\nHuman: Say hello.\n\nAssistant:";
    const plain = await client.completions.create({ model, prompt, max_tokens_to_sample: 50 });
    const stream = { text: "", stop: null };
    for await (const event of await client.completions.create({ model, prompt, max_tokens_to_sample: 50, stream: true })) {
      stream.text += event.completion;
      stream.stop = event.stop_reason ?? stream.stop;
    }
    const refused = await thrown(() => client.completions.create({ model, prompt: "Hello", max_tokens_to_sample: 50 }));
    return { plain: [plain.completion, plain.stop_reason], stream: [stream.text, stream.stop], refused };
  },

  async heartbeats(t) {
    const { client, model } = await t.begin("chunks=2,interval=16s", { family: "anthropic" });
    return told(await client.messages.stream(asked(model)).finalMessage());
  },

  async abort(t) {
    const { client, model } = await t.begin(`chunks=7,hang=3,code=${unique()}`, { family: "anthropic" });
    const stream = await client.messages.create(asked(model, { stream: true }));
    const { text } = await read(stream, "Hello! The sand".length);
    stream.controller.abort();
    return { text, open: await t.opened(0) };
  },

  async death(t) {
    const { client, model } = await t.begin("chunks=7,interval=50ms,cut=4", { family: "anthropic" });
    return thrown(async () => read(await client.messages.create(asked(model, { stream: true }))));
  },

  async gptDeath(t) {
    const { client, model } = await t.begin("chunks=7,interval=50ms,cut=4");
    return thrown(async () => read(await client.messages.create(asked(model, { stream: true }))));
  },

  async errorInStream(t) {
    const { client, model } = await t.begin("chunks=7,interval=50ms,errorframe=4", { family: "anthropic" });
    return thrown(async () => read(await client.messages.create(asked(model, { stream: true }))));
  },

  invalid: (t) => fails(t, "", { more: { max_tokens: -1 } }),
  noPoints: (t) => fails(t, "", { micropoints: 0 }),

  async wrongKey(t) {
    const client = t.open(`AIGC2D-${crypto.randomUUID()}`);
    return thrown(() => client.messages.create(asked("claude-haiku-4-5")));
  },

  async notAllowed(t) {
    const { key, model } = await t.begin("", { family: "anthropic" });
    const client = t.open(await t.restricted(key, ["claude-haiku-4-5"]));
    return thrown(() => client.messages.create(asked(model)));
  },

  async unknownModel(t) {
    const { client } = await t.begin();
    return thrown(() => client.messages.create(asked("no-such-model")));
  },

  async idempotency(t) {
    const { client, model } = await t.begin("", { family: "anthropic" });
    const options = { headers: { "Idempotency-Key": unique() } };
    await client.messages.create(asked(model), options);
    return thrown(() => client.messages.create(asked(model, { messages: [{ role: "user", content: "Something else." }] }), options));
  },

  tooLarge: (t) => fails(t, "", { more: { messages: [{ role: "user", content: "x".repeat(33 * 1024 * 1024) }] } }),

  async tooMany(t) {
    const gate = unique();
    const model = await t.model(`gate=${gate}`, "anthropic");
    const client = t.open(process.env.ACCEPTANCE_ONE_CALL_KEY);
    t.account = process.env.ACCEPTANCE_ONE_CALL_ACCOUNT;
    const first = thrown(() => client.messages.create(asked(model)));
    await t.opened(1);
    const second = await thrown(() => client.messages.create(asked(model)));
    await t.openGate(gate);
    return { first: await first, second };
  },

  async providerFails(t) {
    const seen = await fails(t, `status=500,code=${unique()}`);
    return { seen, asked: (await t.received()).length };
  },

  async noChannel(t) {
    const { client, model } = await t.begin("", { family: "anthropic" });
    await t.disable();
    return thrown(() => client.messages.create(asked(model)));
  },

  async providerSilent(t) {
    const { client, model } = await t.begin(`hang,code=${unique()}`, { family: "anthropic", options: { timeout: 4000 } });
    const seen = await thrown(() => client.messages.create(asked(model)));
    return { seen, asked: (await t.received()).length };
  },

  async slowOnce(t) {
    const { client, model } = await t.begin(`hang,fails=1,code=${unique()}`, { family: "anthropic", options: { timeout: 4000 } });
    const answer = await client.messages.create(asked(model));
    return { text: answer.content[0].text, asked: (await t.received()).length };
  },
};

await run(open, scenarios);
