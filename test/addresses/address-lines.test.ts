import { change, changed } from '../support/changes.js';
import { aCustomer } from '../support/factories.js';
import { startVault, type TestVault } from '../support/vault.js';
import { wholeCustomer } from '../support/whole-customer.js';

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

async function added(address: object) {
  const customer = await aCustomer(vault.owner);
  return (
    await changed(vault.owner, 'addAddress', {
      customerId: customer.id,
      address: { label: 'Home', ...address },
    })
  ).address;
}

async function refused(address: object) {
  const customer = await aCustomer(vault.owner);
  const before = await wholeCustomer(vault.owner, customer.id);
  const answer = await change(vault.owner, 'addAddress', {
    customerId: customer.id,
    address: { label: 'Home', ...address },
  });
  expect(await wholeCustomer(vault.owner, customer.id)).toEqual(before);
  return answer;
}

test.each([
  ['USA', 'USA'],
  ['usa', 'USA'],
  ['US', 'USA'],
  ['us', 'USA'],
  ['Us', 'USA'],
  [' de ', 'DEU'],
  ['gBr', 'GBR'],
  ['ca', 'CAN'],
  ['XK', 'XKX'],
  ['xkx', 'XKX'],
  ['XKK', 'XKX'],
])('takes the country %j and gives it as %j', async (country, alpha3) => {
  const address = await added({ country });

  expect(address.country).toBe(alpha3);
});

test.each(['U', 'USAA', 'ZZ', 'ZZZ', '840', 'United States', 'U S', 'UK', 'EU'])(
  'refuses the country %j',
  async (country) => {
    const answer = await refused({ country });

    expect(answer.expectUserErrors()).toEqual([{ code: 'INVALID', field: ['input', 'address', 'country'] }]);
  },
);

test.each([
  ['USA', '85251'],
  ['US', '85251-1234'],
  ['CAN', 'K1A 0B1'],
  ['CA', 'K1A0B1'],
  ['CAN', 'k1a 0b1'],
  ['GBR', 'SW1A 1AA'],
  ['DEU', '10115'],
  ['PRT', '1000-205'],
  ['IRL', 'D'],
  ['NLD', '1234 AB 5678'],
  [null, 'SW1A 1AA'],
  ['JPN', '〒100-0001'],
  ['BRA', '01.310-100'],
  ['HKG', '-'],
  ['GBR', 'SW1A_1AA'],
  ['DEU', '１０１１５'],
])('takes in %s the postal code %j as it is written', async (country, postalCode) => {
  const address = await added({ country, postalCode });

  expect(address.postalCode).toBe(postalCode);
});

test.each([
  ['USA', '8525'],
  ['USA', '852511'],
  ['us', '85251-123'],
  ['USA', '85251  1234'],
  ['USA', 'K1A 0B1'],
  ['CAN', '85251'],
  ['CAN', 'K1A  0B1'],
  ['CAN', 'K1A--0B1'],
  ['ca', 'KAA 0B1'],
])('refuses in %s the postal code %j', async (country, postalCode) => {
  const answer = await refused({ country, postalCode });

  expect(answer.expectUserErrors()).toEqual([{ code: 'INVALID', field: ['input', 'address', 'postalCode'] }]);
});

test.each([
  ['USA', '335583321', '33558-3321'],
  ['USA', '33558-', '33558'],
  ['USA', '33558 3321', '33558-3321'],
  ['CAN', 'K1A-0B1', 'K1A 0B1'],
])('reads in %s the postal code %j as %j', async (country, postalCode, expected) => {
  const address = await added({ country, postalCode });

  expect(address.postalCode).toBe(expected);
});

test.each([
  ['USA', 'California', 'CA'],
  ['us', 'us-ca', 'CA'],
  ['CAN', 'Québec', 'QC'],
  ['DEU', 'Bayern', 'Bayern'],
  [null, 'AZ', 'AZ'],
])('takes in %s the state %j for %j', async (country, state, code) => {
  const address = await added({ country, state });

  expect(address.state).toBe(code);
});

test('judges a new state by the country that the address has', async () => {
  const { id } = await added({ country: 'USA', state: 'AZ' });

  const { address } = await changed(vault.owner, 'updateAddress', { id, state: 'new mexico' });

  expect(address.state).toBe('NM');
});

test('judges the state once more where the country changes', async () => {
  const { id } = await added({ state: 'California' });

  const { address } = await changed(vault.owner, 'updateAddress', { id, country: 'US' });

  expect(address).toMatchObject({ country: 'USA', state: 'CA' });
});

test('asks for the code of a state that it cannot read', async () => {
  const answer = await refused({ country: 'DEU', state: 'Mecklenburg-Vorpommern' });

  expect(answer.expectData().addAddress.userErrors).toEqual([
    {
      code: 'TOO_LONG',
      field: ['input', 'address', 'state'],
      message: 'Longer than 10 characters. Give the ISO 3166-2 code, such as AZ for Arizona.',
    },
  ]);
});

test('refuses a postal code of more than 12 characters', async () => {
  const answer = await refused({ postalCode: '1234567890123', country: 'GBR' });

  expect(answer.expectUserErrors()).toEqual([
    { code: 'TOO_LONG', field: ['input', 'address', 'postalCode'] },
  ]);
});

test('never repeats a value that it refuses', async () => {
  const answer = await refused({ country: 'Atlantis', postalCode: 'wrong_code', label: '\u0007bell' });

  expect(JSON.stringify(answer.body)).not.toMatch(/Atlantis|wrong_code|bell/);
});

test('cuts white space at the ends and stores text in NFC', async () => {
  const address = await added({ label: '  Cafe\u0301 ', city: '\tZu\u0308rich\n' });

  expect(address).toMatchObject({ label: 'Caf\u00e9', city: 'Z\u00fcrich' });
});

test('takes blank lines for lines that are left out', async () => {
  const address = await added({
    line1: ' ',
    line2: '',
    city: null,
    state: '\t',
    postalCode: ' ',
    country: '',
  });

  expect(address).toMatchObject({
    line1: null,
    line2: null,
    city: null,
    state: null,
    postalCode: null,
    country: null,
  });
});

test.each([
  ['label', 50],
  ['line1', 100],
  ['line2', 100],
  ['city', 100],
  ['state', 10],
])('takes %s of %i characters, counted in code points', async (field, length) => {
  const text = '🏠'.repeat(length);

  const address = await added({ [field]: text });

  expect(address[field]).toBe(text);
});

test.each([
  ['label', 51],
  ['line1', 101],
  ['line2', 101],
  ['city', 101],
  ['state', 11],
])('refuses %s of %i characters', async (field, length) => {
  const answer = await refused({ [field]: 'x'.repeat(length) });

  expect(answer.expectUserErrors()).toEqual([{ code: 'TOO_LONG', field: ['input', 'address', field] }]);
});

test.each(['', '   ', '\u00a0\u3000'])('refuses the blank label %j', async (label) => {
  const answer = await refused({ label });

  expect(answer.expectUserErrors()).toEqual([{ code: 'REQUIRED', field: ['input', 'address', 'label'] }]);
});

test.each(['label', 'line1', 'line2', 'city'])('refuses a card number in %s', async (field) => {
  const answer = await refused({ [field]: 'card 4242 4242 4242 4242' });

  expect(answer.expectData().addAddress.userErrors).toEqual([
    { code: 'CARD_NUMBER_REFUSED', field: ['input', 'address', field], message: expect.any(String) },
  ]);
  expect(JSON.stringify(answer.body)).not.toContain('4242');
});

test('reports every problem of an address at once', async () => {
  const answer = await refused({
    label: '',
    line1: 'x'.repeat(101),
    line2: '4242424242424242',
    city: 'a\u0000b',
    state: 'x'.repeat(11),
    country: 'Atlantis',
    postalCode: '!'.repeat(13),
  });

  const problems = answer.expectUserErrors();
  expect(Object.fromEntries(problems.map(({ code, field }) => [field?.join('.'), code]))).toEqual({
    'input.address.label': 'REQUIRED',
    'input.address.line1': 'TOO_LONG',
    'input.address.line2': 'CARD_NUMBER_REFUSED',
    'input.address.city': 'INVALID',
    'input.address.state': 'TOO_LONG',
    'input.address.country': 'INVALID',
    'input.address.postalCode': 'TOO_LONG',
  });
  expect(problems).toHaveLength(7);
});
