// What OpenAI's client makes of failures, ours and the provider's.
import { thrown, unique } from "../kit.mjs";
import { messages, read, streamed } from "./client.mjs";

async function fails(t, script, { more = {}, ...settings } = {}) {
  const { client, model } = await t.begin(script, settings);
  return thrown(() => client.chat.completions.create({ model, messages, ...more }));
}

export const quick = {
  async abort(t) {
    const { client, model } = await t.begin(`chunks=7,hang=3,code=${unique()}`);
    const stream = await streamed(client, model);
    const { text } = await read(stream, "Hello! The sand".length);
    return { text, open: await t.opened(0) };
  },

  async death(t) {
    const { client, model } = await t.begin("chunks=7,interval=50ms,cut=4");
    return thrown(async () => read(await streamed(client, model)));
  },

  async errorInStream(t) {
    const { client, model } = await t.begin("chunks=7,interval=50ms,errorframe=4");
    return thrown(async () => read(await streamed(client, model)));
  },

  invalid: (t) => fails(t, "", { more: { max_completion_tokens: -1 } }),
  noPoints: (t) => fails(t, "", { micropoints: 0 }),

  async wrongKey(t) {
    const client = t.open(`AIGC2D-${crypto.randomUUID()}`);
    return thrown(() => client.chat.completions.create({ model: "gpt-4o-mini", messages }));
  },

  async notAllowed(t) {
    const { key, model } = await t.begin("");
    const client = t.open(await t.restricted(key, ["gpt-4o-mini"]));
    return thrown(() => client.chat.completions.create({ model, messages }));
  },

  async unknownModel(t) {
    const { client } = await t.begin();
    return thrown(() => client.chat.completions.create({ model: "no-such-model", messages }));
  },

  async idempotency(t) {
    const { client, model } = await t.begin("");
    const options = { headers: { "Idempotency-Key": unique() } };
    await client.chat.completions.create({ model, messages }, options);
    return thrown(() => client.chat.completions.create({ model, messages: [{ role: "user", content: "Something else." }] }, options));
  },

  async tooMany(t) {
    const gate = unique();
    const model = await t.model(`gate=${gate}`);
    const client = t.open(process.env.ACCEPTANCE_ONE_CALL_KEY);
    t.account = process.env.ACCEPTANCE_ONE_CALL_ACCOUNT;
    const first = thrown(() => client.chat.completions.create({ model, messages }));
    await t.opened(1);
    const second = await thrown(() => client.chat.completions.create({ model, messages }));
    await t.openGate(gate);
    return { first: await first, second };
  },

  async providerFails(t) {
    const seen = await fails(t, `status=500,code=${unique()}`);
    return { seen, asked: (await t.received()).length };
  },

  async noChannel(t) {
    const { client, model } = await t.begin("");
    await t.disable();
    return thrown(() => client.chat.completions.create({ model, messages }));
  },
};

export const long = {
  // Left at its defaults, the client waits longer than we let a provider be silent.
  async slowByDefault(t) {
    const { client, model } = await t.begin(`hang,fails=1,code=${unique()}`);
    const answer = await client.chat.completions.create({ model, messages });
    return { text: answer.choices[0].message.content, asked: (await t.received()).length };
  },
};

export const timed = {
  async providerSilent(t) {
    const { client, model } = await t.begin(`hang,code=${unique()}`);
    const seen = await thrown(() => client.chat.completions.create({ model, messages }, { timeout: 4000 }));
    return { seen, asked: (await t.received()).length };
  },

  async slowOnce(t) {
    const { client, model } = await t.begin(`hang,fails=1,code=${unique()}`);
    const answer = await client.chat.completions.create({ model, messages }, { timeout: 4000 });
    return { text: answer.choices[0].message.content, asked: (await t.received()).length };
  },

  // Set for the whole client, the time-out is not told to the server.
  async slowUntold(t) {
    const { client, model } = await t.begin(`hang,fails=1,code=${unique()}`, { options: { timeout: 4000 } });
    const answer = await client.chat.completions.create({ model, messages });
    return { text: answer.choices[0].message.content, asked: (await t.received()).length };
  },
};

export const heavy = {
  async tooLarge(t) {
    const { client, model } = await t.begin("");
    return thrown(() => client.chat.completions.create({ model, messages: [{ role: "user", content: "x".repeat(33 * 1024 * 1024) }] }));
  },
};
