// What OpenAI's client is answered.
import { png, thrown, unique, weather } from "../kit.mjs";
import { messages, read, streamed, usageOf } from "./client.mjs";

const tools = [{ type: "function", function: { name: "get_weather", parameters: { type: "object", properties: { city: { type: "string" } } } } }];

/** A call of a tool, its result, the answer; then the same call as a stream. */
async function toolLoop(t, family) {
  const { client, model } = await t.begin("tools,chunks=3", { family });
  const first = await client.chat.completions.create({ model, messages, tools });
  const { message, finish_reason } = first.choices[0];
  const call = message.tool_calls[0];
  const second = await client.chat.completions.create({
    model: await t.model("text=It%20is%2021%20degrees.", family),
    tools,
    messages: [...messages, message, { role: "tool", tool_call_id: call.id, content: '{"celsius":21}' }],
  });
  const final = await client.chat.completions.stream({ model, messages, tools }).finalChatCompletion();
  const again = final.choices[0];
  return {
    first: [finish_reason, call.function.name, call.function.arguments],
    second: [second.choices[0].finish_reason, second.choices[0].message.content],
    stream: [again.finish_reason, again.message.tool_calls[0].function.name, again.message.tool_calls[0].function.arguments],
  };
}

/** A plain answer and a streamed one. */
async function chat(t, family) {
  const { client, model } = await t.begin("chunks=4", { family });
  const plain = await client.chat.completions.create({ model, messages });
  const stream = await read(await streamed(client, model));
  return { plain: { text: plain.choices[0].message.content, finish: plain.choices[0].finish_reason, usage: usageOf(plain.usage) }, stream };
}

async function complete(t, family, upstream) {
  const { client, model } = await t.begin("chunks=4", { family, upstream });
  const asked = { model, prompt: "Say hello.", max_tokens: 50 };
  const plain = await client.completions.create(asked);
  const stream = { text: "", finish: null, usage: null };
  for await (const chunk of await client.completions.create({ ...asked, stream: true, stream_options: { include_usage: true } })) {
    stream.text += chunk.choices[0]?.text ?? "";
    stream.finish = chunk.choices[0]?.finish_reason ?? stream.finish;
    stream.usage = usageOf(chunk.usage) ?? stream.usage;
  }
  return { plain: { text: plain.choices[0].text, finish: plain.choices[0].finish_reason, usage: usageOf(plain.usage) }, stream };
}

/** Two texts as the client asks by itself (base64) and as numbers. */
async function embeddings(t, family, upstream) {
  const { client, model } = await t.begin("", { family, upstream });
  const ask = async (more) => {
    const answer = await client.embeddings.create({ model, input: ["one", "two"], ...more });
    return { vectors: answer.data.map((one) => one.embedding), tokens: answer.usage.prompt_tokens };
  };
  const [encoded, floats] = [await ask({}), await ask({ encoding_format: "float" })];
  const same = encoded.vectors.every((vector, i) => vector.every((number, j) => Math.abs(number - floats.vectors[i][j]) < 1e-6));
  const differ = floats.vectors[0].some((number, j) => number !== floats.vectors[1][j]);
  return { sizes: [...encoded.vectors, ...floats.vectors].map((vector) => vector.length), same, differ, tokens: encoded.tokens };
}

export const quick = {
  async plain(t) {
    const { client, model } = await t.begin("chunks=8");
    const answer = await client.chat.completions.create({ model, messages });
    return { text: answer.choices[0].message.content, finish: answer.choices[0].finish_reason, usage: usageOf(answer.usage) };
  },

  async stream(t) {
    const { client, model } = await t.begin("chunks=8");
    return read(await streamed(client, model));
  },

  // Who does not ask for usage is not shown any, and pays all the same.
  async unasked(t) {
    const { client, model } = await t.begin("chunks=8");
    return read(await client.chat.completions.create({ model, messages, stream: true }));
  },

  async helper(t) {
    const { client, model } = await t.begin("chunks=8");
    const final = await client.chat.completions.stream({ model, messages, stream_options: { include_usage: true } }).finalChatCompletion();
    return { text: final.choices[0].message.content, finish: final.choices[0].finish_reason, usage: usageOf(final.usage) };
  },

  async headers(t) {
    const { client, model } = await t.begin("");
    const { data, response } = await client.chat.completions.create({ model, messages }).withResponse();
    const header = (name) => response.headers.get(name);
    return {
      id: data._request_id === header("x-request-id"),
      timing: /^admission;dur=[\d.]+, upstream;dur=[\d.]+, total;dur=[\d.]+$/.test(header("server-timing")),
      requests: [header("x-ratelimit-limit-requests"), Number(header("x-ratelimit-remaining-requests")) > 0],
      tokens: [header("x-ratelimit-limit-tokens"), Number(header("x-ratelimit-remaining-tokens")) > 0],
    };
  },

  tools: (t) => toolLoop(t, "openai"),
  claudeTools: (t) => toolLoop(t, "anthropic"),
  ernieTools: (t) => toolLoop(t, "wenxin"),
  qianfanTools: (t) => toolLoop(t, "wenxin-v2"),
  claude: (t) => chat(t, "anthropic"),
  ernie: (t) => chat(t, "wenxin"),
  qianfan: (t) => chat(t, "wenxin-v2"),

  async schema(t) {
    const { client, model } = await t.begin("");
    const response_format = { type: "json_schema", json_schema: { name: "weather", strict: true, schema: weather } };
    return (await client.chat.completions.parse({ model, messages, response_format })).choices[0].message.parsed;
  },

  async images(t) {
    const { client, model } = await t.begin(`code=${unique()}`);
    const image_url = { url: `data:image/png;base64,${png}` };
    const content = [{ type: "text", text: "What is this?" }, { type: "image_url", image_url }];
    const answer = await client.chat.completions.create({ model, messages: [{ role: "user", content }] });
    const [body] = await t.received();
    return { finish: answer.choices[0].finish_reason, same: body.messages[0].content[1].image_url.url === image_url.url };
  },

  embeddings: (t) => embeddings(t, "openai", "text-embedding-3-small"),
  qianfanEmbeddings: (t) => embeddings(t, "wenxin-v2", "embedding-v1"),
  ernieEmbeddings: (t) => embeddings(t, "wenxin", "embedding-v1"),

  async shortEmbeddings(t) {
    const { client, model } = await t.begin("", { upstream: "text-embedding-3-small" });
    return (await client.embeddings.create({ model, input: "one", dimensions: 8 })).data[0].embedding.length;
  },

  async moderations(t) {
    const { client } = await t.begin();
    const { data, response } = await client.moderations.create({ input: ["A quiet walk in the park.", "Write ransomware that encrypts all files and spreads over the network."] }).withResponse();
    return { results: data.results.map((one) => [one.flagged, Object.keys(one.categories).filter((name) => one.categories[name])]), id: response.headers.has("x-request-id") };
  },

  // A model that completes is asked as it is, one that only chats is asked to chat.
  completions: (t) => complete(t, "openai", "gpt-3.5-turbo-instruct"),
  gptCompletions: (t) => complete(t, "openai"),
  claudeCompletions: (t) => complete(t, "anthropic"),

  async models(t) {
    const { client, model } = await t.begin("");
    const ids = [];
    for await (const one of client.models.list()) ids.push(one.id);
    return { listed: ids.includes(model), one: (await client.models.retrieve(model)).id === model, unknown: await thrown(() => client.models.retrieve("no/such model")) };
  },
};

export const long = {
  async heartbeats(t) {
    const { client, model } = await t.begin("chunks=2,interval=16s");
    return read(await streamed(client, model));
  },
};
