// Runs every scenario of a client side by side, each with an account and models of its own, and prints one JSON line for each: what it saw, who paid.
const { AIGC2D_ADMIN_URL: admin, AIGC2D_ADMIN_KEY: adminKey, AIGC2D_SANDBOX_URL: sandbox, AIGC2D_BASE_URL: edge } = process.env;

/** The public API, through a wire that notes the requests of each key. */
export const url = process.env.ACCEPTANCE_URL;

export const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

export const weather = {
  type: "object",
  properties: { city: { type: "string" }, celsius: { type: "integer" } },
  required: ["city", "celsius"],
  additionalProperties: false,
};

const families = {
  openai: { provider: "openai", upstream: "gpt-4o-mini", credential: "sandbox" },
  anthropic: { provider: "anthropic", upstream: "claude-haiku-4-5", credential: "sandbox" },
  wenxin: { provider: "wenxin", upstream: "ernie-bot-4", credential: "sandbox:sandbox" },
  "wenxin-v2": { provider: "wenxin-v2", upstream: "ernie-4.0-8k", credential: "sandbox" },
};

// Every scenario sets up its world at once; a busy machine answers some of that 503, and is asked again.
async function send(method, address, key, body, tries = 20) {
  const response = await fetch(address, {
    method,
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (response.status === 503 && tries > 1) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    return send(method, address, key, body, tries - 1);
  }
  if (!response.ok) throw new Error(`${method} ${address}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

/** What one scenario may ask of the world around the client. */
class Scenario {
  #open;

  constructor(open) {
    this.#open = open;
  }

  /** A client with an account's key and, when a script is given, a model that behaves so. */
  async begin(script, { family = "openai", micropoints = 1_000_000_000, options = {}, ...more } = {}) {
    const [customer, model] = await Promise.all([this.customer(micropoints), script === undefined ? null : this.model(script, family, more)]);
    return { ...customer, model, client: this.open(customer.key, options) };
  }

  async customer(micropoints) {
    const made = await send("POST", `${admin}/admin/accounts`, adminKey, { name: "acceptance", micropoints });
    this.account = made.id;
    this.key = made.key.key;
    return { account: made.id, key: made.key.key };
  }

  open(key, options) {
    this.key = key;
    return this.#open(key, options);
  }

  /** A model at 6 and 8 points per 1,000 tokens on a channel to the Sandbox. */
  async model(script, family = "openai", { upstream, baseUrl, ...price } = {}) {
    const { provider, credential, upstream: usual } = families[family];
    const model = `test-${crypto.randomUUID()}`;
    this.upstream = `${upstream ?? usual}${script ? `@${script}` : ""}`;
    await send("PUT", `${admin}/admin/prices`, adminKey, [
      { model, effectiveFrom: null, inputMicropointsPer1k: 6_000_000, outputMicropointsPer1k: 8_000_000, contextTokens: 8192, maxOutputTokens: 4096, ...price },
    ]);
    const channel = { provider, name: model, baseUrl: baseUrl ?? sandbox, credential, models: [{ name: model, upstream: this.upstream }], priority: 5, weight: 1 };
    this.channel = (await send("POST", `${admin}/admin/channels`, adminKey, channel)).id;
    return model;
  }

  /** Switches the scenario's last channel off. */
  disable = () => send("PATCH", `${admin}/admin/channels/${this.channel}`, adminKey, { state: "disabled" });

  /** Another key of the same account that may call these models only. */
  restricted = async (key, models) => (await send("POST", `${edge}/api/keys`, key, { name: "restricted", scopes: ["inference"], models })).key;

  /** The bodies that the Sandbox has received for a scripted name. */
  received = async (name = this.upstream) => (await send("GET", `${sandbox}/sandbox/requests?model=${encodeURIComponent(name)}`)).requests.map((request) => JSON.parse(request.body));

  /** Waits until so many calls of a scripted name are open at the Sandbox. */
  async opened(count, name = this.upstream) {
    for (let tried = 0; ; tried++) {
      const { open } = await send("GET", `${sandbox}/sandbox/open?model=${encodeURIComponent(name)}`);
      if (open === count || tried === 200) return open;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  openGate = (name) => send("POST", `${sandbox}/sandbox/gates/${name}/open`);
}

/** What a call threw, as a developer can tell failures apart: class, status, type, code, member; and whether it names its request. */
export async function thrown(call) {
  try {
    await call();
    return "nothing";
  } catch (error) {
    const details = error.error?.error?.details ?? {};
    const words = [error.constructor.name, error.status, error.type, error.code ?? details.error_code, error.param ?? details.param];
    return words.map((word) => word ?? "-").join(" ") + (error.requestID ? " id" : "");
  }
}

const AT_ONCE = 3;

/** A name that no other scenario uses. */
export const unique = () => `c${crypto.randomUUID().replaceAll("-", "")}`;

/**
 * Those that only wait all at once; the quick ones a few at a time, so that no call is refused for want of a processor; then those that depend on the
 * client's own time-out, and those of many bytes behind them.
 */
export async function run(open, { quick, long, timed, heavy }) {
  const side = async (scenarios, atOnce = AT_ONCE) => {
    const left = Object.entries(scenarios);
    const work = async () => {
      for (let next; (next = left.shift()); ) await see(open, ...next);
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  };
  const waiting = side(long, Object.keys(long).length);
  await side(quick);
  await side(timed);
  await side(heavy);
  await waiting;
}

async function see(open, name, scenario) {
  const t = new Scenario(open);
  let result;
  try {
    result = await scenario(t);
  } catch (error) {
    result = { unexpected: `${error.stack}` };
  }
  process.stdout.write(`${JSON.stringify({ name, account: t.account, key: t.key, result: result ?? null })}\n`);
}
