// What Anthropic's client makes of failures, ours and the provider's.
import { thrown, unique } from "../kit.mjs";
import { asked, read } from "./client.mjs";

async function fails(t, script, { more = {}, ...settings } = {}) {
  const { client, model } = await t.begin(script, { family: "anthropic", ...settings });
  return thrown(() => client.messages.create(asked(model, more)));
}

export const quick = {
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
};

export const long = {
  // Left at its defaults, the client waits longer than we let a provider be silent.
  async slowByDefault(t) {
    const { client, model } = await t.begin(`hang,fails=1,code=${unique()}`, { family: "anthropic" });
    const answer = await client.messages.create(asked(model));
    return { text: answer.content[0].text, asked: (await t.received()).length };
  },
};

export const timed = {
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

export const heavy = {
  tooLarge: (t) => fails(t, "", { more: { messages: [{ role: "user", content: "x".repeat(33 * 1024 * 1024) }] } }),
};
