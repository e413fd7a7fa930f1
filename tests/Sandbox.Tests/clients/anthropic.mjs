// Drives Anthropic's official client, either line: node anthropic.mjs PACKAGE LINE.
import { errorsOf, png, received, run, thrown, weather } from "./scenarios.mjs";

const [name, line] = process.argv.slice(2);
const { default: Anthropic } = await import(name);
const options = { baseURL: process.env.SANDBOX_URL, apiKey: "sk-ant-sandbox" };
const client = new Anthropic({ ...options, maxRetries: 0 });
const retrying = new Anthropic(options);
const model = (script) => `claude-${line}-${script}`;
const messages = [{ role: "user", content: "Hello, world!" }];
const tools = [{ name: "get_weather", description: "The weather of a city", input_schema: { type: "object", properties: { city: { type: "string" } } } }];

async function events(parameters) {
  const seen = [];
  for await (const event of await client.messages.create({ max_tokens: 100, messages, stream: true, ...parameters })) seen.push(event);
  return seen;
}

const scenarios = {
  async plain() {
    const { data, response, request_id } = await client.messages.create({ model: model("plain"), max_tokens: 50, messages, system: "Be kind." }).withResponse();
    const tokens = [data.usage.input_tokens, data.usage.output_tokens];
    return { text: data.content[0].text, stop: data.stop_reason, tokens, hasId: request_id.startsWith("req_"), remaining: response.headers.get("anthropic-ratelimit-requests-remaining") };
  },

  async stream() {
    const seen = await events({ model: model("stream@chunks=2,text=Hello,input=20,output=9,cached=5,cachewrite=3") });
    const usage = seen.at(-2).usage;
    return {
      types: seen.map((event) => event.type),
      first: seen[0].message.usage.output_tokens,
      last: [usage.input_tokens, usage.cache_read_input_tokens, usage.cache_creation_input_tokens, usage.output_tokens],
    };
  },

  async helper() {
    const final = await client.messages.stream({ model: model("helper@reasoning=3,tools=2,text=Let%20me%20see."), max_tokens: 100, messages, tools }).finalMessage();
    const blocks = final.content.map((block) => [block.type, block.thinking ?? block.text ?? block.input, (block.signature ?? block.id ?? "").length > 0]);
    return { blocks, stop: final.stop_reason, tokens: [final.usage.output_tokens, final.usage.output_tokens_details.thinking_tokens] };
  },

  async emptyCall() {
    const final = await client.messages.stream({ model: model("empty@tools,toolargs="), max_tokens: 100, messages, tools }).finalMessage();
    return final.content.map((block) => [block.type, block.input]);
  },

  async toolLoop() {
    const asking = model("loop@tools");
    const first = await client.messages.create({ model: asking, max_tokens: 100, messages, tools, tool_choice: { type: "tool", name: "get_weather" } });
    const result = { type: "tool_result", tool_use_id: first.content[0].id, content: "21" };
    const second = await client.messages.create({
      model: model("loop2"), max_tokens: 100, tools, messages: [...messages, { role: "assistant", content: first.content }, { role: "user", content: [result] }],
    });
    return { first: [first.stop_reason, first.content[0].name, first.content[0].input], second: second.content[0].text };
  },

  async thinking() {
    const thought = await client.messages.create({ model: model("think@reasoning=4"), max_tokens: 2000, messages, thinking: { type: "enabled", budget_tokens: 1024 } });
    const talk = [...messages, { role: "assistant", content: thought.content }, { role: "user", content: "Go on." }];
    const again = await client.messages.create({ model: model("think2"), max_tokens: 2000, messages: talk });
    return {
      types: thought.content.map((block) => block.type),
      thinking: thought.content[0].thinking,
      signed: thought.content[0].signature.length > 0,
      tokens: thought.usage.output_tokens_details.thinking_tokens,
      again: again.stop_reason,
    };
  },

  async schema() {
    const answer = await client.messages.create({ model: model("schema"), max_tokens: 100, messages, output_config: { format: { type: "json_schema", schema: weather } } });
    return JSON.parse(answer.content[0].text);
  },

  async images() {
    const content = [
      { type: "image", source: { type: "base64", media_type: "image/png", data: png } },
      { type: "image", source: { type: "url", url: "https://example.com/a.png" } },
      { type: "text", text: "What is this?" },
    ];
    const answer = await client.messages.create({ model: model("image@echo"), max_tokens: 100, messages: [{ role: "user", content }] });
    return answer.content[0].text;
  },

  async endings() {
    const stop = await client.messages.create({ model: model("stop@text=one%20STOP%20two"), max_tokens: 100, messages, stop_sequences: ["STOP"] });
    const short = await client.messages.create({ model: model("short@words=50"), max_tokens: 5, messages });
    const refused = await client.messages.create({ model: model("refused@filter"), max_tokens: 50, messages });
    return [[stop.stop_reason, stop.stop_sequence, stop.content[0].text], [short.stop_reason, short.usage.output_tokens], [refused.stop_reason, refused.stop_details.type]];
  },

  async countTokens() {
    return client.messages.countTokens({ model: model("count"), messages, system: "Be kind.", tools });
  },

  async countFailures() {
    const [recovers, fails] = [model("count@status=529,fails=1"), model("count@status=400")];
    const { input_tokens } = await retrying.messages.countTokens({ model: recovers, messages });
    const failed = await thrown(fails, () => retrying.messages.countTokens({ model: fails, messages }));
    return [input_tokens, (await received(recovers)).length, failed.error, failed.requests];
  },

  async models() {
    const ids = [];
    for await (const one of client.models.list({ limit: 2 })) ids.push(one.id);
    const missing = await thrown(model("none"), () => client.models.retrieve(model("none")));
    return { ids, one: (await client.models.retrieve(ids[0])).display_name, missing: missing.status };
  },

  async errors() {
    return errorsOf([400, 401, 403, 404, 409, 413, 422, 429, 500, 529], (status) => model(`s${status}@status=${status}`),
      (failing) => retrying.messages.create({ model: failing, max_tokens: 50, messages }));
  },

  async recovers() {
    const failing = model("recovers@status=529,fails=2");
    const answer = await retrying.messages.create({ model: failing, max_tokens: 50, messages });
    return [answer.content[0].text, (await received(failing)).length];
  },

  async errorDetails() {
    const failing = model("details@status=402,code=credit_balance_too_low");
    const error = await client.messages.create({ model: failing, max_tokens: 50, messages }).catch((caught) => caught);
    return [error.status, error.error.error.type, error.error.error.details.error_code];
  },

  async midStreamError() {
    const broken = model("broken@chunks=4,errorframe=2");
    let pieces = 0;
    const { error, type } = await thrown(broken, async () => {
      for await (const event of await client.messages.create({ model: broken, max_tokens: 50, messages, stream: true })) if (event.type === "content_block_delta") pieces++;
    });
    return [pieces, error, type];
  },

  async cut() {
    const broken = model("cut@chunks=4,cut=2");
    return (await thrown(broken, () => client.messages.stream({ model: broken, max_tokens: 50, messages }).finalMessage())).message;
  },

  async credentials() {
    const headers = (await (async () => {
      const asked = model("auth");
      await client.messages.create({ model: asked, max_tokens: 50, messages });
      return received(asked);
    })())[0].headers;
    const token = model("token");
    await new Anthropic({ baseURL: options.baseURL, apiKey: null, authToken: "token-1" }).messages.create({ model: token, max_tokens: 50, messages });
    return { key: headers["x-api-key"] ?? null, bearer: headers.authorization ?? null, version: headers["anthropic-version"], token: (await received(token))[0].headers.authorization };
  },

  async complete() {
    if (!client.completions) return null;
    const prompt = "\n\nHuman: Hello, world!\n\nAssistant:";
    const plain = await client.completions.create({ model: "claude-2", prompt, max_tokens_to_sample: 50 });
    let text = "", stop = null;
    for await (const event of await client.completions.create({ model: "claude-2@chunks=3,text=Hello", prompt, max_tokens_to_sample: 50, stream: true })) {
      text += event.completion;
      stop = event.stop_reason ?? stop;
    }
    const refused = await thrown("claude-2-refused", () => client.completions.create({ model: "claude-2-refused", prompt: "Hello", max_tokens_to_sample: 50 }));
    return { plain: [plain.completion, plain.stop_reason], stream: [text, stop], refused: [refused.error, refused.status] };
  },
};

await run(scenarios);
