import { withAsciiDigits } from './digits.js';

/** Of such text the one form is its lower case. */
const ONLY_ASCII = /^[ -~]*$/;

/**
 * Marks that are accents or vowel points, in scripts that are read without them too, and the dots of Indian letters.
 * Not the two that make another kana of one (U+3099, U+309A), nor the vowels of Indian and other scripts.
 */
const ACCENT =
  /(?![\u3099\u309a])(?=\p{M})[\p{Script=Inherited}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}]|[\u093c\u09bc\u0a3c\u0abc\u0b3c\u0cbc\u0640]/gu;

/** Letters that Unicode does not take apart, and forms of one letter. The apostrophes among letters part words. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ...pairs('łl øo đd ðd ħh ıi ŧt ŋn ɓb ɗd ɖd ƙk ƴy ƒf ɣg ɔo ɛe əe ɨi ʉu'),
  ...pairs('ґг ғг җж ҙз қк ҡк ңн өо ҫс үу ұу ҳх һх ҷч әа ςσ ךכ םמ ןנ ףפ ץצ'),
  ...pairs('یي ىي ېي کك ٱا ةه ہه ھه ەه'),
  ...pairs("ʼ' ʻ' ʽ' ʹ' ʾ' ʿ' ˈ' ˊ' ˋ' ˮ' ꞌ'"),
  ['þ', 'th'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ß', 'ss'],
]);

/** How vowels are written where their signs are missing, as in German and the languages of the North. */
const VOWELS: ReadonlyMap<string, string> = new Map([
  ['ä', 'ae'],
  ['ö', 'oe'],
  ['ü', 'ue'],
  ['ø', 'oe'],
]);

/** An accent that stands alone, as people type it for an apostrophe: composing it leaves a blank before the mark. */
const LONE_ACCENT = / (?=\p{M})/gu;

const KATAKANA = /[\u30a1-\u30f6]/g;
const KATAKANA_TO_HIRAGANA = 0x60;

/**
 * One form for all cases and widths. Upper case first, so that ß meets SS; the final sigma and the dotted i are
 * the two letters whose lower case depends on where they stand or on the language.
 */
export function foldCase(text: string): string {
  if (ONLY_ASCII.test(text)) return text.toLowerCase();
  const composed = text.normalize('NFKC').replace(LONE_ACCENT, "'");
  const lower = composed.toUpperCase().toLowerCase().normalize('NFKC');
  return lower.replaceAll('ς', 'σ').replaceAll('i\u0307', 'i');
}

/**
 * The forms under which a text that `foldCase` gave is known: without accents, digits in ASCII, one kana for both;
 * and where there are such vowels, others with these written out; `å` by itself, since `Ødegaard` is `Odegaard` abroad.
 */
export function plainForms(folded: string): string[] {
  if (ONLY_ASCII.test(folded)) return [folded];
  const writtenOut = folded.replace(/[äöüø]/g, (vowel) => VOWELS.get(vowel) ?? vowel);
  const forms = [folded, writtenOut].flatMap((form) => [form, form.replaceAll('å', 'aa')]);
  return [...new Set(forms)].map(withoutAccents);
}

function withoutAccents(folded: string): string {
  const bare = withAsciiDigits(folded).normalize('NFD').replace(ACCENT, '').normalize('NFC');
  return Array.from(bare, (letter) => LETTERS.get(letter) ?? letter)
    .join('')
    .replace(KATAKANA, (kana) => String.fromCharCode(kana.charCodeAt(0) - KATAKANA_TO_HIRAGANA));
}

/** Each two characters are a letter and what it is taken for. */
function pairs(list: string): [string, string][] {
  return list.split(' ').map((pair) => {
    const [letter = '', other = ''] = [...pair];
    return [letter, other];
  });
}
