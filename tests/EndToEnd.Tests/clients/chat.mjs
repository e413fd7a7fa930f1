// Drives the official client as a developer would: only base URL and key are ours. Prints one JSON line.
import OpenAI from "openai";

const [scenario, model] = process.argv.slice(2);
const client = new OpenAI({ baseURL: process.env.AIGC2D_BASE_URL + "/v1", apiKey: process.env.AIGC2D_API_KEY, maxRetries: 0 });
const messages = [{ role: "user", content: "Say hello." }];

const scenarios = {
  async plain() {
    const { data, response } = await client.chat.completions.create({ model, messages, max_tokens: 50 }).withResponse();
    return { id: response.headers.get("x-request-id"), text: data.choices[0].message.content, finish: data.choices[0].finish_reason, usage: data.usage };
  },

  async stream() {
    const { data, response } = await client.chat.completions.create({ model, messages, max_tokens: 50, stream: true }).withResponse();
    let text = "", chunks = 0, finish = null, usage = null;
    for await (const chunk of data) {
      chunks++;
      text += chunk.choices[0]?.delta?.content ?? "";
      finish = chunk.choices[0]?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
    }
    return { id: response.headers.get("x-request-id"), text, finish, usage, chunks };
  },

  async streamWithUsage() {
    const stream = client.chat.completions.stream({ model, messages, max_tokens: 50, stream_options: { include_usage: true } });
    const final = await stream.finalChatCompletion();
    return { text: final.choices[0].message.content, finish: final.choices[0].finish_reason, usage: final.usage };
  },

  // The client asks for base64 by itself and makes numbers of it; those are 32 bits wide.
  async embeddings() {
    const input = ["Hello, world!", "你好，世界"];
    const { data, usage } = await client.embeddings.create({ model, input });
    const numbers = await client.embeddings.create({ model, input, encoding_format: "float" });
    const bits = answer => JSON.stringify(answer.map(one => Array.from(one.embedding, Math.fround)));
    return { lengths: data.map(one => one.embedding.length), same: bits(data) === bits(numbers.data), usage };
  },

  async models() {
    const ids = [];
    for await (const one of client.models.list()) ids.push(one.id);
    return { ids, one: (await client.models.retrieve(ids[0])).id };
  },
};

try {
  console.log(JSON.stringify(await scenarios[scenario]()));
} catch (error) {
  console.log(JSON.stringify({ error: error.constructor.name, status: error.status ?? null, code: error.code ?? null, type: error.type ?? null, param: error.param ?? null }));
}
