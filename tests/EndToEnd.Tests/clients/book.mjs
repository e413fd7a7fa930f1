// Balances on disk, rebuilt from events: one line per applied event, `account sequence balance position`.
import { closeSync, existsSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";

/** The feed contradicts itself: nothing that a second try would mend. */
export class FeedError extends Error {}

export class Book {
  #accounts = new Map();
  #lines = [];
  #file;

  constructor(path) {
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    for (const line of whole.split("\n")) {
      if (line === "") continue;
      const [id, sequence, balance, position] = line.split(" ");
      this.#accounts.set(id, { sequence: Number(sequence), balance: Number(balance), position: Number(position) });
    }

    this.isNew = whole === "";
    this.#file = openSync(path, "a");
    ftruncateSync(this.#file, Buffer.byteLength(whole)); // half a line of a process that was killed
  }

  /** What is known of an account; all zero before its first event. */
  account(id) {
    return this.#accounts.get(id) ?? { sequence: 0, balance: 0, position: 0 };
  }

  /** Applies the next event of its account. Answers "duplicate" for an older one and "gap" for one that lies ahead; both change nothing. */
  apply({ data }) {
    const before = this.account(data.accountId);
    if (data.accountSequence <= before.sequence) return "duplicate";
    if (data.accountSequence > before.sequence + 1) return "gap";

    const balance = before.balance + data.amountMicropoints;
    if (balance !== data.balanceMicropoints) throw new FeedError(`Account ${data.accountId} has ${balance} after event ${data.accountSequence}, which says ${data.balanceMicropoints}.`);

    this.#accounts.set(data.accountId, { sequence: data.accountSequence, balance, position: data.position });
    this.#lines.push(`${data.accountId} ${data.accountSequence} ${balance} ${data.position}\n`);
    return "applied";
  }

  /** Everything applied so far survives the process. */
  commit() {
    if (this.#lines.length === 0) return;

    writeSync(this.#file, this.#lines.join(""));
    fdatasyncSync(this.#file);
    this.#lines = [];
  }

  close() {
    closeSync(this.#file);
  }
}
