// Drives Baidu's official client: v1 with its own token, v2 with a bearer key. The endpoint carries the script, percent-encoded, where there is one.
import { ChatCompletion, Embedding } from "@baiducloud/qianfan";
import { received, run, thrown } from "./scenarios.mjs";

const url = process.env.SANDBOX_URL;
console.log = console.error; // the client talks about its retries
const messages = [{ role: "user", content: "Hello, world!" }];
const v1 = (key, endpoint) => new ChatCompletion({ QIANFAN_AK: key, QIANFAN_SK: "secret", QIANFAN_BASE_URL: url, Endpoint: endpoint && encodeURIComponent(endpoint) });
const v2 = (key = "bce-v3/sandbox") => new ChatCompletion({ version: "v2", QIANFAN_BEARER_TOKEN: key, QIANFAN_V2_BASE_URL: `${url}/v2/chat/completions`, appid: "app-1" });
const issued = async (key) => (await (await fetch(`${url}/sandbox/wenxin/tokens?ak=${encodeURIComponent(key)}`)).json()).issued;

async function read(stream) {
  const frames = [];
  for await (const frame of stream) if (frame) frames.push(frame);
  return frames;
}

const scenarios = {
  async plain() {
    const { result, finish_reason, need_clear_history, usage, headers } = await v1("ak-plain").chat({ messages }, "ERNIE-3.5-8K");
    const request = (await received("completions"))[0];
    return { result, finish_reason, need_clear_history, usage, limit: headers["x-ratelimit-limit-requests"], path: request.path, query: request.query };
  },

  async stream() {
    const frames = await read(await v1("ak-stream", "js-stream@chunks=3").chat({ messages, stream: true }));
    const each = (member) => frames.map(member);
    return { text: each((frame) => frame.result).join(""), ends: each((frame) => frame.is_end), sentences: each((frame) => frame.sentence_id), usage: each((frame) => frame.usage.completion_tokens) };
  },

  async functions() {
    const functions = [{ name: "get_weather", description: "The weather of a city", parameters: { type: "object", properties: { city: { type: "string" } } } }];
    const client = v1("ak-tools", "js-tools@tools");
    const plain = await client.chat({ messages, functions });
    const frames = await read(await client.chat({ messages, functions, stream: true }));
    const second = await v1("ak-tools2", "js-tools2").chat({
      functions, messages: [...messages, { role: "assistant", content: "", function_call: plain.function_call }, { role: "function", name: "get_weather", content: '{"celsius":21}' }],
    });
    return {
      plain: [plain.result, plain.finish_reason, plain.function_call.name, plain.function_call.arguments],
      stream: frames.map((frame) => frame.function_call?.arguments ?? null), second: second.finish_reason,
    };
  },

  async schema() {
    return JSON.parse((await v1("ak-json", "js-json").chat({ messages, response_format: "json_object" })).result);
  },

  async safety() {
    const { need_clear_history, ban_round, flag, finish_reason } = await v1("ak-safety", "js-safety@filter,flag=4").chat({ messages });
    return { need_clear_history, ban_round, flag, finish_reason };
  },

  async embeddings() {
    const answer = await new Embedding({ QIANFAN_AK: "ak-embed", QIANFAN_SK: "secret", QIANFAN_BASE_URL: url }).embedding({ input: ["one", "two"] }, "bge-large-zh");
    return { object: answer.object, sizes: answer.data.map((one) => one.embedding.length), usage: answer.usage };
  },

  async embeddingFailures() {
    const ask = (key, endpoint, input) => new Embedding({ QIANFAN_AK: key, QIANFAN_SK: "secret", QIANFAN_BASE_URL: url, Endpoint: encodeURIComponent(endpoint) }).embedding({ input });
    const back = await ask("ak-embed-back", "js-embed-back@error=336100,fails=1", ["one"]);
    const failed = await thrown("js-embed-17", () => ask("ak-embed-17", "js-embed-17@error=17", ["one"]));
    const tooMany = await thrown("js-embed-many", () => ask("ak-embed-many", "js-embed-many", Array(17).fill("one")));
    return [back.data[0].embedding.length, (await received("js-embed-back")).length, JSON.parse(failed.message).error_code, JSON.parse(tooMany.message).error_code];
  },

  async tokenIsKept() {
    const client = v1("ak-kept", "js-kept");
    await client.chat({ messages });
    await client.chat({ messages });
    return issued("ak-kept");
  },

  async shortTokenIsRenewed() {
    const client = v1("ak-short@lifetime=0s", "js-short");
    const first = await thrown("js-short", () => client.chat({ messages }));
    const fresh = v1("ak-short2@lifetime=1800s", "js-short2");
    await fresh.chat({ messages });
    fresh.expires_in = 0; // as if the time had passed
    await fresh.chat({ messages });
    return { expired: JSON.parse(first.message).error_code, issued: await issued("ak-short2@lifetime=1800s") };
  },

  async tokensEnd() {
    const client = v1("ak-end", "js-end");
    await client.chat({ messages });
    const ended = await (await fetch(`${url}/sandbox/wenxin/tokens/expire?ak=ak-end&code=110`, { method: "POST" })).json();
    const refused = await thrown("js-end", () => client.chat({ messages }));
    client.expires_in = 0;
    return { ended: ended.expired, code: JSON.parse(refused.message).error_code, again: (await client.chat({ messages })).result };
  },

  async refusedKeys() {
    const bad = await thrown("unknown-ak", () => v1("unknown-ak", "x").chat({ messages }));
    const wrong = await thrown("ak-wrong", () => new ChatCompletion({ QIANFAN_AK: "ak-wrong", QIANFAN_SK: "wrong", QIANFAN_BASE_URL: url, Endpoint: "x" }).chat({ messages }));
    return [bad.message.includes("unknown client id"), wrong.message.includes("Client authentication failed")];
  },

  async errors() {
    const codes = [4, 6, 17, 18, 336003, 336007, 336100, 336502];
    const found = await Promise.all(codes.map(async (code) => {
      const { message, requests } = await thrown(`js-e${code}`, () => v1(`ak-e${code}`, `js-e${code}@error=${code}`).chat({ messages }));
      return [code, [message ? JSON.parse(message).error_code : null, requests ?? (await received(`js-e${code}`)).length]];
    }));
    return Object.fromEntries(found);
  },

  async recovers() {
    const answer = await v1("ak-recovers", "js-recovers@error=336100,fails=1").chat({ messages });
    return [answer.result, (await received("js-recovers")).length];
  },

  async errorInsteadOfStream() {
    return JSON.parse((await thrown("js-nostream", () => v1("ak-nostream", "js-nostream@error=17").chat({ messages, stream: true }))).message).error_code;
  },

  async midStreamError() {
    const frames = await read(await v1("ak-mid", "js-mid@chunks=4,errorframe=2").chat({ messages, stream: true }));
    return frames.map((frame) => frame.error_code ?? frame.result);
  },

  async rules() {
    const ask = async (name, body) => JSON.parse((await thrown(`js-${name}`, () => v1(`ak-${name}`, `js-${name}`).chat({ messages, ...body }))).message).error_code;
    return {
      even: await ask("even", { messages: [...messages, { role: "assistant", content: "x" }] }),
      zero: await ask("zero", { temperature: 0 }),
      empty: await ask("empty", { messages: [{ role: "user", content: "" }] }),
      system: await ask("system", { messages: [{ role: "system", content: "x" }, { role: "assistant", content: "x" }, { role: "user", content: "x" }] }),
      long: await ask("long", { messages: [{ role: "user", content: "x".repeat(20001) }] }),
    };
  },

  async v2Plain() {
    const answer = await v2().chat({ messages }, "js-v2");
    const request = (await received("js-v2"))[0];
    const { flag, finish_reason: finish, message } = answer.choices[0];
    return { text: message.content, flag, finish, total: answer.usage.total_tokens, headers: [request.headers.authorization, request.headers.appid] };
  },

  async v2Stream() {
    const frames = await read(await v2().chat({ messages, stream: true, stream_options: { include_usage: true } }, "js-v2-stream@chunks=2,text=Hello"));
    return { text: frames.map((frame) => frame.choices[0]?.delta?.content ?? "").join(""), last: frames.at(-1).usage.completion_tokens };
  },

  async v2Errors() {
    const failed = await thrown("js-v2-429", () => v2().chat({ messages }, "js-v2-429@status=429"));
    const broken = await thrown("js-v2-broken", async () => read(await v2().chat({ messages, stream: true }, "js-v2-broken@chunks=4,errorframe=2")));
    return { limited: failed.message.includes("rpm_rate_limit_exceeded"), requests: failed.requests, broken: broken.error };
  },
};

await run(scenarios);
