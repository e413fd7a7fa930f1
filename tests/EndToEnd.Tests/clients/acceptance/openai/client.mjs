// OpenAI's official client as a developer makes it: only base URL and key are ours.
import OpenAI from "openai";
import { url } from "../kit.mjs";

export const open = (key, options) => new OpenAI({ baseURL: `${url}/v1`, apiKey: key, ...options });
export const messages = [{ role: "user", content: "Say hello." }];
export const usageOf = (usage) => usage && [usage.prompt_tokens, usage.completion_tokens];
export const streamed = (client, model) => client.chat.completions.create({ model, messages, stream: true, stream_options: { include_usage: true } });

/** A stream put together by hand, to its end or until so much of its text is there. */
export async function read(stream, until = Infinity) {
  const seen = { text: "", finish: null, usage: null };
  for await (const chunk of stream) {
    seen.text += chunk.choices[0]?.delta?.content ?? "";
    seen.finish = chunk.choices[0]?.finish_reason ?? seen.finish;
    seen.usage = usageOf(chunk.usage) ?? seen.usage;
    if (seen.text.length >= until) break;
  }
  return seen;
}
