// Runs every scenario of a client and prints one JSON object: what each returned, or the error it threw and how many requests it took.
const base = process.env.SANDBOX_URL;

export const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

export const weather = {
  type: "object",
  properties: { city: { type: "string" }, celsius: { type: "integer" } },
  required: ["city", "celsius"],
  additionalProperties: false,
};

/** The requests that the Sandbox has received for a model. */
export async function received(model) {
  return (await (await fetch(`${base}/sandbox/requests?model=${encodeURIComponent(model)}`)).json()).requests;
}

/** What a call threw, in terms that all clients share, and how many requests it made. */
export async function thrown(model, call) {
  try {
    await call();
    return { error: null };
  } catch (error) {
    return {
      error: error.constructor.name,
      status: error.status ?? null,
      type: error.type ?? error.error?.error?.type ?? null,
      code: error.code ?? null,
      message: error.message,
      requests: (await received(model)).length,
    };
  }
}

/** What a call threw for each status, all asked side by side because clients wait between their attempts. */
export async function errorsOf(statuses, model, call) {
  const found = await Promise.all(statuses.map(async (status) => {
    const { error, requests, ...rest } = await thrown(model(status), () => call(model(status)));
    return [status, `${error} ${rest.status} ${rest.type} ${rest.code} ${requests}`];
  }));
  return Object.fromEntries(found);
}

export async function run(scenarios) {
  const results = {};
  await Promise.all(Object.entries(scenarios).map(async ([name, scenario]) => {
    try {
      results[name] = await scenario();
    } catch (error) {
      results[name] = { unexpected: `${error.stack}` };
    }
  }));
  process.stdout.write(JSON.stringify(results));
}
