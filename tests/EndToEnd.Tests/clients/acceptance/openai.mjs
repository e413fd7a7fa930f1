// Drives OpenAI's official client.
import { run } from "./kit.mjs";
import * as answers from "./openai/answers.mjs";
import { open } from "./openai/client.mjs";
import * as failures from "./openai/failures.mjs";

await run(open, { quick: { ...answers.quick, ...failures.quick }, long: { ...answers.long, ...failures.long }, timed: failures.timed, heavy: failures.heavy });
