// A finance system in another language, written against docs/finance-feed.md alone: it rebuilds every balance from the queue.
// With FAULTS=<seed> it is a clumsy one that returns deliveries and loses its connection between a commit and its acknowledgement.
// What it has seen, in all its lives, is kept beside the book; TERM ends it with that as one JSON line.
import amqp from "amqplib";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { Book, FeedError } from "./book.mjs";

const { AIGC2D_RABBITMQ_URL: broker, AIGC2D_ADMIN_URL: http, AIGC2D_FINANCE_KEY: key, QUEUE: queue = "finance.billing-events", FAULTS: seed } = process.env;
const book = new Book(process.env.BOOK);
const seenFile = `${process.env.BOOK}.seen`;
const seen = existsSync(seenFile) ? JSON.parse(readFileSync(seenFile, "utf8")) : { applied: 0, duplicate: 0, gap: 0, returned: 0, connections: 0 };

process.on("SIGTERM", () => {
  process.stdout.write(JSON.stringify(seen) + "\n", () => process.exit(0));
});

// Deterministic, so that a run can be repeated.
let state = Number(seed ?? 0) >>> 0;
function happens(perMille) {
  if (seed === undefined) return false;
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return (state >>> 8) % 1000 < perMille;
}

async function page(after) {
  for (;;) {
    // The service may be away for a moment; the deliveries at hand wait.
    const response = await fetch(`${http}/finance/events?after=${after}&limit=1000`, { headers: { authorization: `Bearer ${key}` }, signal: AbortSignal.timeout(10_000) })
      .catch((error) => console.error(`The replay did not answer: ${error.name}. Trying again.`));
    if (response?.ok) {
      const body = await response.json().catch(() => null);
      if (body !== null) return body;
    }

    if (response?.status < 500 && !response.ok) throw new FeedError(`The replay was refused with ${response.status}.`);

    await delay(100);
  }
}

/** Applies what lies after a position until `isEnough`, or to the end of the feed. */
async function replay(after, isEnough) {
  while (!isEnough()) {
    const { events, next } = await page(after);
    if (events.length === 0) return;
    for (const event of events) if (book.apply(event) === "applied") seen.applied++;
    after = next;
  }
}

async function handle(event) {
  const id = event.data.accountId;
  const outcome = book.apply(event);
  seen[outcome]++;
  if (outcome !== "gap") return;

  await replay(book.account(id).position, () => book.account(id).sequence >= event.data.accountSequence);
  if (book.account(id).sequence < event.data.accountSequence) throw new FeedError(`The feed itself has a gap before event ${event.data.accountSequence} of account ${id}.`);
}

async function consume() {
  const connection = await amqp.connect(broker, { heartbeat: 5 });
  const deliveries = [];
  let wake = () => {};
  let lost = null;
  const lose = (reason) => { lost ??= new Error(reason); wake(); };
  connection.on("error", () => {});
  connection.on("close", () => lose("The connection was closed."));
  const channel = await connection.createChannel();
  channel.on("error", () => {});
  channel.on("close", () => lose("The channel was closed."));
  seen.connections++;
  try {
    await channel.prefetch(200);
    await channel.consume(queue, (delivery) => { if (delivery === null) lose("The queue was deleted."); else { deliveries.push(delivery); wake(); } });
    for (;;) {
      if (deliveries.length === 0 && lost === null) await new Promise((resolve) => { wake = resolve; });
      if (lost !== null) throw lost;
      await settle(connection, channel, deliveries.splice(0));
    }
  } finally {
    await connection.close().catch(() => {});
  }
}

/** Applies, commits, and only then acknowledges. */
async function settle(connection, channel, deliveries) {
  const kept = deliveries.filter((delivery) => {
    if (!happens(15)) return true;
    seen.returned++;
    channel.nack(delivery, false, true);
    return false;
  });
  for (const delivery of kept) await handle(JSON.parse(delivery.content.toString("utf8")));
  book.commit();
  writeFileSync(`${seenFile}.new`, JSON.stringify(seen));
  renameSync(`${seenFile}.new`, seenFile);
  if (happens(10)) connection.connection.stream.destroy(new Error("cut"));
  for (const delivery of kept) channel.ack(delivery);
}

if (book.isNew) {
  await replay(0, () => false);
  book.commit();
}

for (;;) {
  try {
    await consume();
  } catch (error) {
    if (error instanceof FeedError) throw error;
    console.error(`${error.message} Trying again.`);
  }

  await delay(200);
}
