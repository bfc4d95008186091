import { withPlainSigns } from './characters.js';
import { toAlpha2 } from './country.js';
import { type Checked, checkText, isLongerThan, refuse } from './text.js';

/** In code points; of a code, and of what a country without a table here calls its parts. */
const MAX_LENGTH = 10;
/** Beyond this it is no name of a state. */
const MAX_NAME_LENGTH = 100;

/** Name and ISO 3166-2 code of every part of the countries in whose addresses the code is expected. */
const STATES: Readonly<Record<string, string>> = {
  USA: `Alabama AL, Alaska AK, Arizona AZ, Arkansas AR, California CA, Colorado CO, Connecticut CT, Delaware DE,
    District of Columbia DC, Washington DC DC, Florida FL, Georgia GA, Hawaii HI, Idaho ID, Illinois IL, Indiana IN,
    Iowa IA, Kansas KS, Kentucky KY, Louisiana LA, Maine ME, Maryland MD, Massachusetts MA, Michigan MI, Minnesota MN,
    Mississippi MS, Missouri MO, Montana MT, Nebraska NE, Nevada NV, New Hampshire NH, New Jersey NJ, New Mexico NM,
    New York NY, New York State NY, North Carolina NC, North Dakota ND, Ohio OH, Oklahoma OK, Oregon OR,
    Pennsylvania PA, Rhode Island RI, South Carolina SC, South Dakota SD, Tennessee TN, Texas TX, Utah UT, Vermont VT,
    Virginia VA, Washington WA, Washington State WA, West Virginia WV, Wisconsin WI, Wyoming WY, American Samoa AS,
    Guam GU, Northern Mariana Islands MP, Puerto Rico PR, US Virgin Islands VI, Virgin Islands VI`,
  CAN: `Alberta AB, British Columbia BC, Colombie-Britannique BC, Manitoba MB, New Brunswick NB, Nouveau-Brunswick NB,
    Newfoundland and Labrador NL, Newfoundland Labrador NL, Newfoundland NL, Terre-Neuve-et-Labrador NL, Nova Scotia NS, Nouvelle-Écosse NS,
    Northwest Territories NT, Territoires du Nord-Ouest NT, Nunavut NU, Ontario ON, Prince Edward Island PE,
    Île-du-Prince-Édouard PE, Quebec QC, Saskatchewan SK, Yukon YT, Yukon Territory YT`,
  AUS: `Australian Capital Territory ACT, New South Wales NSW, Northern Territory NT, Queensland QLD, South Australia SA,
    Tasmania TAS, Victoria VIC, Western Australia WA`,
};

const tables = new Map(Object.entries(STATES).map(([country, list]) => [country, tableOf(list)]));

function tableOf(list: string): Map<string, string> {
  const states = list.split(',').map((state) => {
    const words = state.trim().split(/\s+/);
    return { name: words.slice(0, -1).join(''), code: words.at(-1) ?? '' };
  });
  return new Map(states.flatMap(({ name, code }) => [name, code].map((key) => [keyOf(key), code] as const)));
}

/**
 * A state as its ISO 3166-2 code where the country (alpha-3) has a table here: written out, in any case, or with the
 * country's own code before it. Elsewhere as it came, at most 10 characters.
 */
export function checkState(text: string, country: string | null): Checked<string> {
  const checked = checkText(text, { maxLength: MAX_NAME_LENGTH });
  if (!checked.ok) return checked;
  const state = withoutCountry(checked.value, country);
  const code = tables.get(country ?? '')?.get(keyOf(state));
  if (code !== undefined) return { ok: true, value: code };
  if (!isLongerThan(state, MAX_LENGTH)) return { ok: true, value: state };
  return refuse(
    'TOO_LONG',
    `Longer than ${MAX_LENGTH} characters. Give the ISO 3166-2 code, such as AZ for Arizona.`,
  );
}

/** `AZ` of `US-AZ`. */
function withoutCountry(state: string, country: string | null): string {
  const prefix = country === null ? null : toAlpha2(country);
  const [first, ...rest] = withPlainSigns(state).split('-');
  return prefix !== null && first?.toUpperCase() === prefix && rest.length === 1 && rest[0] ? rest[0] : state;
}

/** Letters and digits of any script, without accents: `c4a` is no California. */
function keyOf(name: string): string {
  return name
    .normalize('NFKD')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
