// Drives Anthropic's official client, either line: node anthropic.mjs PACKAGE.
import * as answers from "./anthropic/answers.mjs";
import { open } from "./anthropic/client.mjs";
import * as failures from "./anthropic/failures.mjs";
import { run } from "./kit.mjs";

await run(open, { quick: { ...answers.quick, ...failures.quick }, long: { ...answers.long, ...failures.long }, timed: failures.timed, heavy: failures.heavy });
