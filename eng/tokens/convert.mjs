// Converts js-tiktoken's rank tables into the compact files that the services embed; see README.md.
import { writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

const target = new URL('../../src/ServiceDefaults/Tokens/Ranks/', import.meta.url);

for (const name of ['o200k_base', 'cl100k_base']) {
  const { default: ranks } = await import(`js-tiktoken/ranks/${name}`);
  const tokens = [];
  for (const line of ranks.bpe_ranks.split('\n').filter(Boolean)) {
    const [, offset, ...entries] = line.split(' ');
    entries.forEach((entry, i) => { tokens[Number(offset) + i] = Buffer.from(entry, 'base64'); });
  }

  const bytes = [];
  for (let rank = 0; rank < tokens.length; rank++) {
    const token = tokens[rank];
    if (!token || token.length === 0 || token.length > 255) throw new Error(`${name}: rank ${rank} is missing or does not fit`);
    bytes.push(Buffer.of(token.length), token);
  }

  const table = Buffer.concat(bytes);
  const packed = brotliCompressSync(table, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: table.length },
  });
  writeFileSync(new URL(`${name}.ranks.br`, target), packed);
  console.log(`${name}: ${tokens.length} tokens, ${table.length} bytes, ${packed.length} packed`);
}
