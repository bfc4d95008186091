import { checkState } from '../../src/shared/state.js';

test.each([
  ['California', 'USA', 'CA'],
  ['  new   york ', 'USA', 'NY'],
  ['Massachusetts', 'USA', 'MA'],
  ['DISTRICT OF COLUMBIA', 'USA', 'DC'],
  ['Washington, D.C.', 'USA', 'DC'],
  ['Washington', 'USA', 'WA'],
  ['az', 'USA', 'AZ'],
  ['N.Y.', 'USA', 'NY'],
  ['US-AZ', 'USA', 'AZ'],
  ['us-az', 'USA', 'AZ'],
  ['British Columbia', 'CAN', 'BC'],
  ['Québec', 'CAN', 'QC'],
  ['Newfoundland & Labrador', 'CAN', 'NL'],
  ['New South Wales', 'AUS', 'NSW'],
  ['AU-VIC', 'AUS', 'VIC'],
  ['DE-BY', 'DEU', 'BY'],
  ['ＣＡ', 'USA', 'CA'],
  ['Ｃａｌｉｆｏｒｎｉａ', 'USA', 'CA'],
  ['US–CA', 'USA', 'CA'],
  ['ＵＳ－ＣＡ', 'USA', 'CA'],
  ['US\u2011CA', 'USA', 'CA'],
])('takes %j of %s for %s', (text, country, code) => {
  expect(checkState(text, country)).toEqual({ ok: true, value: code });
});

test.each([
  ['Bayern', 'DEU'],
  ['AZ', null],
  ['az', null],
  ['Texas', null],
  ['ZZ', 'USA'],
  ['AZ', 'DEU'],
  ['', 'USA'],
  // Nothing that was written is left out to make a state of it.
  ['c4a', 'USA'],
  ['1ca', 'USA'],
  ['ca 90210', 'USA'],
  ['Ca州', 'USA'],
  ['СCA', 'USA'],
])('keeps %j of %s', (text, country) => {
  expect(checkState(text, country)).toEqual({ ok: true, value: text });
});

test.each([
  ['Mecklenburg-Vorpommern', 'DEU'],
  ['Massachusetts', null],
  ['Somewhere else', 'USA'],
])('asks for the code in place of %j of %s', (text, country) => {
  expect(checkState(text, country)).toEqual({
    ok: false,
    problem: {
      code: 'TOO_LONG',
      message: 'Longer than 10 characters. Give the ISO 3166-2 code, such as AZ for Arizona.',
    },
  });
});
