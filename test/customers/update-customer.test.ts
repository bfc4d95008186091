import { aCustomer } from '../support/factories.js';
import { startVault } from '../support/vault.js';
import { theCustomer, UNKNOWN_ID, wholeCustomer, withoutRequestId } from './factories.js';

const update = `mutation ($input: UpdateCustomerInput!) {
  updateCustomer(input: $input) { customer { ${wholeCustomer} } userErrors { code field message } }
}`;

const everything = {
  name: 'Grace Hopper',
  email: 'grace@example.com',
  phone: '+1 555 123',
  metadata: { rank: 'Admiral' },
  addresses: [{ label: 'Home' }, { label: 'Work' }],
};

const vault = await startVault();

afterAll(() => vault.close());

test.each([
  ['name', ' Amazing Grace ', 'Amazing Grace'],
  ['email', 'hopper@example.com', 'hopper@example.com'],
  ['email', null, null],
  ['email', ' ', null],
  ['phone', '555 987', '555 987'],
  ['phone', null, null],
  ['reference', 'C-99', 'C-99'],
  ['reference', null, null],
  ['metadata', null, null],
])('changes the %s to %j and leaves all else', async (field, value, stored) => {
  const { id } = await aCustomer(vault.owner, { ...everything, reference: `C-${field}-${value}` });
  const before = await theCustomer(vault.owner, id);

  const answer = await vault.owner.execute(update, { input: { id, [field]: value } });

  const { customer, userErrors } = answer.expectData().updateCustomer;
  expect(userErrors).toEqual([]);
  expect(customer).toEqual({ ...before, [field]: stored, version: 2, updatedAt: customer.updatedAt });
  expect(Date.parse(customer.updatedAt)).toBeGreaterThanOrEqual(Date.parse(before.updatedAt));
  expect(await theCustomer(vault.owner, id)).toEqual(customer);
});

test('sets updatedAt to the time of the change and leaves createdAt', async () => {
  const times = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.001Z'];
  const clock = { time: times[0] as string };
  const timed = await startVault({ now: () => new Date(clock.time) });
  const { id } = await aCustomer(timed.owner);
  clock.time = times[1] as string;

  await timed.owner.execute(update, { input: { id, name: 'Later' } });

  const { createdAt, updatedAt } = await theCustomer(timed.owner, id);
  await timed.close();
  expect([createdAt, updatedAt]).toEqual(times);
});

test.each([
  ['nothing but its id', () => ({})],
  ['every value that it has', () => everything],
  ['its name with white space around', () => ({ name: ' Grace Hopper ' })],
  ['the version that it has', () => ({ expectedVersion: 1 })],
])('leaves version and updatedAt alone when given %s', async (_, input) => {
  const { id } = await aCustomer(vault.owner, everything);
  const before = await theCustomer(vault.owner, id);
  const { addresses: __, ...profile } = { addresses: null, ...input() };

  const answer = await vault.owner.execute(update, { input: { id, ...profile } });

  expect(answer.expectData().updateCustomer).toEqual({ customer: before, userErrors: [] });
  expect(await theCustomer(vault.owner, id)).toEqual(before);
});

test('counts another case of the e-mail as a change', async () => {
  const { id } = await aCustomer(vault.owner, { email: 'grace@example.com' });

  await vault.owner.execute(update, { input: { id, email: 'Grace@example.com' } });

  expect(await theCustomer(vault.owner, id)).toMatchObject({ email: 'Grace@example.com', version: 2 });
});

test.each([null, '', ' \n '])('requires a name where %j is given for it', async (name) => {
  const { id } = await aCustomer(vault.owner, everything);
  const before = await theCustomer(vault.owner, id);

  const answer = await vault.owner.execute(update, { input: { id, name } });

  expect(answer.expectUserErrors()).toEqual([{ code: 'REQUIRED', field: ['input', 'name'] }]);
  expect(await theCustomer(vault.owner, id)).toEqual(before);
});

test('reports every problem at once and changes nothing, not even what is good', async () => {
  const { id } = await aCustomer(vault.owner, everything);
  const before = await theCustomer(vault.owner, id);

  const answer = await vault.owner.execute(update, {
    input: { id, name: null, email: 'nobody', phone: 'x', reference: 'C-good', metadata: { a: 1 } },
  });

  expect(answer.expectUserErrors()).toEqual([
    { code: 'REQUIRED', field: ['input', 'name'] },
    { code: 'INVALID', field: ['input', 'email'] },
    { code: 'INVALID', field: ['input', 'phone'] },
    { code: 'INVALID', field: ['input', 'metadata'] },
  ]);
  expect(answer.expectData().updateCustomer.customer).toBeNull();
  expect(await theCustomer(vault.owner, id)).toEqual(before);
});

test.each([0, 1, 3, -1, 2_147_483_647])(
  'refuses to change version 2 when %i is expected, whatever the change',
  async (expectedVersion) => {
    const { id } = await aCustomer(vault.owner, everything);
    await vault.owner.execute(update, { input: { id, name: 'Second' } });
    const before = await theCustomer(vault.owner, id);

    const answers = [
      await vault.owner.execute(update, { input: { id, name: 'Third', expectedVersion } }),
      await vault.owner.execute(update, { input: { id, expectedVersion } }),
    ];

    for (const answer of answers) {
      expect(answer.expectUserErrors()).toEqual([
        { code: 'VERSION_CONFLICT', field: ['input', 'expectedVersion'] },
      ]);
    }
    expect(await theCustomer(vault.owner, id)).toEqual(before);
  },
);

test('changes the customer at the expected version', async () => {
  const { id } = await aCustomer(vault.owner);

  const answer = await vault.owner.execute(update, { input: { id, name: 'Second', expectedVersion: 1 } });

  expect(answer.expectData().updateCustomer.customer).toMatchObject({ name: 'Second', version: 2 });
});

test('lets one of ten racing updates have the version that all of them expect', async () => {
  const { id } = await aCustomer(vault.owner);
  const names = Array.from({ length: 10 }, (_, at) => `Racer ${at}`);

  const answers = await Promise.all(
    names.map((name) => vault.owner.execute(update, { input: { id, name, expectedVersion: 1 } })),
  );

  const payloads = answers.map((answer) => answer.expectData().updateCustomer);
  const winners = payloads.filter(({ customer }) => customer !== null);
  const losers = payloads.flatMap(({ userErrors }) => userErrors);
  expect(winners).toHaveLength(1);
  expect(losers.map(({ code }) => code)).toEqual(Array(9).fill('VERSION_CONFLICT'));
  expect(await theCustomer(vault.owner, id)).toEqual(winners[0].customer);
  expect(winners[0].customer.version).toBe(2);
});

test('gives 30 racing updates the versions 2 to 31 and loses none of them', async () => {
  const { id } = await aCustomer(vault.owner, { email: 'kept@example.com' });
  const keys = Array.from({ length: 30 }, (_, at) => `key${at}`);

  const answers = await Promise.all(
    keys.map((key) => vault.owner.execute(update, { input: { id, metadata: { [key]: 'set' } } })),
  );

  const versions = answers.map((answer) => answer.expectData().updateCustomer.customer.version);
  expect(versions.toSorted((a, b) => a - b)).toEqual(keys.map((_, at) => at + 2));
  expect(await theCustomer(vault.owner, id)).toMatchObject({
    email: 'kept@example.com',
    metadata: Object.fromEntries(keys.map((key) => [key, 'set'])),
    version: 31,
  });
});

test("answers a stranger's update, and one of a malformed id, as one of an id that was never given out", async () => {
  const { id } = await aCustomer(vault.owner, everything);
  const before = await theCustomer(vault.owner, id);
  const inputOf = (of: string) => ({ input: { id: of, name: 'Stolen', expectedVersion: 1 } });

  const never = await vault.stranger.execute(update, inputOf(UNKNOWN_ID));

  expect(never.expectUserErrors()).toEqual([{ code: 'NOT_FOUND', field: ['input', 'id'] }]);
  for (const other of [id, '', 'x', id.slice(1), `${id}0`, `${id.slice(1)}g`, '\u0000'.repeat(24)]) {
    expect(withoutRequestId(await vault.stranger.execute(update, inputOf(other)))).toBe(
      withoutRequestId(never),
    );
  }
  expect(await theCustomer(vault.owner, id)).toEqual(before);
});

test('takes its id in upper case', async () => {
  const { id } = await aCustomer(vault.owner);

  const answer = await vault.owner.execute(update, { input: { id: id.toUpperCase(), name: 'Upper' } });

  expect(answer.expectData().updateCustomer.customer).toMatchObject({ id, name: 'Upper' });
});

test('leaves every other customer as it was', async () => {
  const { id } = await aCustomer(vault.owner, everything);
  const other = await aCustomer(vault.owner, everything);
  const before = await theCustomer(vault.owner, other.id);

  await vault.owner.execute(update, { input: { id, name: 'Changed', email: null, metadata: null } });

  expect(await theCustomer(vault.owner, other.id)).toEqual(before);
});
