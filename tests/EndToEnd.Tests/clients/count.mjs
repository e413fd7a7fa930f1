// Counts the tokens of each text of a JSON array from standard input, with the tokenizer that the services' tables come from. Prints a JSON array.
import { readFileSync } from "node:fs";
import { Tiktoken } from "js-tiktoken/lite";
import ranks from "js-tiktoken/ranks/o200k_base";

const encoding = new Tiktoken(ranks);
console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map((text) => encoding.encode(text, [], []).length)));
