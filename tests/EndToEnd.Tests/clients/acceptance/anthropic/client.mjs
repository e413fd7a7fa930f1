// Anthropic's official client of either line (the package is the first argument) as a developer makes it: only base URL and key are ours.
import { url } from "../kit.mjs";

const { default: Anthropic } = await import(process.argv[2]);

export const open = (key, options) => new Anthropic({ baseURL: url, apiKey: key, ...options });
export const messages = [{ role: "user", content: "Say hello." }];
export const asked = (model, more = {}) => ({ model, max_tokens: 100, messages, ...more });

/** The raw events of a stream put together by hand, to its end or until so much of its text is there. */
export async function read(stream, until = Infinity) {
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
