// Writes texts with their counts by js-tiktoken itself, for tests to compare with; see README.md. The same every time: the generator is seeded.
import { writeFileSync } from 'node:fs';
import { Tiktoken } from 'js-tiktoken/lite';

const encodings = [];
for (const name of ['cl100k_base', 'o200k_base']) encodings.push(new Tiktoken((await import(`js-tiktoken/ranks/${name}`)).default));

let state = 20260101;
function random(below) { // mulberry32
  state = (state + 0x6D2B79F5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % below;
}
const pick = (list) => list[random(list.length)];
const range = (from, to) => String.fromCodePoint(from + random(to - from + 1));

const words = `the of and a to in he have it that for they with as not on she at by this we you do but from or which one would all will there say who
make when can more if no man out other so what time up go about than into could state only new year some take come these know see use get like then
first any work now may such give over think most even find day also after way many must look before great back through long where much should well
people down own just because good each those feel seem how high too place little world very still nation hand old life tell write become here show
house both between need mean call develop under last right move thing general school never same another begin while number part turn real leave might
want point form off child few small since against ask late home interest large person end open public follow during present without again hold govern
AIGC2D OpenAI tokenization unbelievable internationalisation McDonald iPhone eBay HTTPServer XMLHttpRequest camelCaseName SCREAMING_SNAKE don't we'LL
I'M you're they'Ve he'd it's O'Reilly rock'n'roll naïve façade Ünïcödé straße ЖЁлтый ΑΒγδ`.split(/\s+/);
const chinese = '的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严龙飞';
const kinds = {
  english: () => Array.from({ length: 1 + random(40) }, () => pick(words) + pick(['', '', '', ',', '.', '!', '?', ';', ' —', '…'])).join(' '),
  chinese: () => Array.from({ length: 1 + random(60) }, () => pick([...chinese]) + (random(9) ? '' : pick(['，', '。', '！', '、', '「', '」', '　', ' ', 'ABC', '12']))).join(''),
  otherScripts: () => Array.from({ length: 1 + random(40) }, () => pick([() => range(0x3041, 0x3096), () => range(0x30a1, 0x30fa), () => range(0xac00, 0xd7a3),
    () => range(0x430, 0x44f), () => range(0x410, 0x42f), () => range(0x627, 0x64a), () => range(0x5d0, 0x5ea), () => range(0x905, 0x94d), () => range(0xe01, 0xe3a),
    () => range(0x20000, 0x2a6d0), () => range(0x1d400, 0x1d44f), () => range(0x300, 0x36f), () => range(0x1c5, 0x1cc), () => range(0x2160, 0x2188), () => ' '])()).join(''),
  emoji: () => Array.from({ length: 1 + random(20) }, () => pick([() => range(0x1f600, 0x1f64f), () => range(0x1f300, 0x1f5ff), () => '👍🏽', () => '👨‍👩‍👧‍👦', () => '🇨🇳', () => '❤️', () => ' ', () => 'ok'])()).join(''),
  code: () => Array.from({ length: 1 + random(12) }, () => ' '.repeat(4 * random(4)) + pick(['if (x == null) return;', 'for (var i = 0; i < n; i++) {', '}', 'const a = await f(b, "c");',
    'SELECT * FROM t WHERE id = $1;', '# comment', '<div class="a">b</div>', '{"k":[1,2.5e-3,null]}', 'def f(x):\treturn x**2', '//// ---- ////', 'https://example.com/a/b?c=d&e=%20#f'])).join(pick(['\n', '\r\n', '\n\n'])),
  digits: () => Array.from({ length: 1 + random(20) }, () => pick([() => String(random(2 ** 31)), () => ' ', () => '.', () => ',', () => range(0x660, 0x669), () => '½', () => '²', () => '0x' + random(2 ** 31).toString(16)])()).join(''),
  whitespace: () => Array.from({ length: 1 + random(30) }, () => pick([' ', ' ', '  ', '\n', '\r\n', '\t', '\u00a0', '\u3000', '\u2003', '\v', '\f', 'x', '/', '.'])).join(''),
  control: () => Array.from({ length: 1 + random(30) }, () => pick([() => range(0, 31), () => '\u007f', () => '\u200b', () => '\u202e', () => '\ufffd', () => '\uffff', () => 'a', () => "'", () => '\u0013'])()).join(''),
  surrogates: () => Array.from({ length: 1 + random(20) }, () => pick([() => String.fromCharCode(0xd800 + random(0x800)), () => 'a', () => '中', () => ' ', () => '😀'])()).join(''),
  letters: () => Array.from({ length: 1 + random(200) }, () => String.fromCharCode(97 + random(1 + random(26)))).join(''),
  cases: () => Array.from({ length: 1 + random(30) }, () => pick(['A', 'b', '漢', 'ʰ', 'ǅ', '\u0301', 'É', 'ß', "'s", "'LL", "'", ' ', '\t', '1', '-', '/', '\n', 'ª'])).join(''),
  special: () => pick(['<|endoftext|>', '<|endofprompt|>', '<|fim_prefix|>x<|fim_suffix|>', '<|im_start|>user\nhi<|im_end|>', '<|endoftext', '|>']) + pick(words),
  units: () => Array.from({ length: 1 + random(30) }, () => { const unit = random(0x10000); return unit === 0x85 || unit === 0xfeff ? '' : String.fromCharCode(unit); }).join(''),
};

const lines = [];
for (const [kind, make] of Object.entries(kinds)) {
  for (let i = 0; i < 40; i++) {
    const text = make();
    const [cl100k, o200k] = encodings.map((encoding) => encoding.encode(text, [], []).length);
    lines.push(JSON.stringify({ kind, utf16: Buffer.from(text, 'utf16le').toString('base64'), cl100k, o200k }));
  }
}

writeFileSync(new URL('../../tests/ServiceDefaults.Tests/Tokens/vectors.jsonl', import.meta.url), lines.join('\n') + '\n');
console.log(`${lines.length} texts`);
