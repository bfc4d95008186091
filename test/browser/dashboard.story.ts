import { aCard, aCustomer, aPaymentMethod } from '../support/factories.js';
import { aKeyWith, api, expect, open, printedAddress, test, url } from './page.js';

test('a newcomer opens what the start printed, finds a seeded customer, changes the default card and sees the resolution change', async ({
  page,
}) => {
  await page.goto(printedAddress);
  await page.getByRole('link', { name: 'Dashboard' }).click();
  await expect(page.getByRole('heading', { name: 'Customers' })).toBeVisible();
  const { nodes } = (
    await api.execute(
      '{ customers(first: 100) { nodes { name reference paymentMethods(filter: { usable: true }) { nodes { id } } } } }',
    )
  ).expectData().customers;
  const seeded = nodes.find(
    ({ reference, paymentMethods }: { reference: string; paymentMethods: { nodes: unknown[] } }) =>
      reference?.startsWith('SEED-') && paymentMethods.nodes.length > 2,
  );

  await page.getByRole('searchbox', { name: 'Search' }).fill(seeded.reference);
  await page.getByRole('link', { name: seeded.name }).click();
  const resolution = page.getByRole('region', { name: 'What would a payment use now?' });
  const before = await resolution.getByRole('status').last().textContent();
  const usable = page
    .getByRole('listitem')
    .filter({ hasNotText: /Expired|Unverified/ })
    .filter({ has: page.getByRole('button', { name: 'Unlink' }) })
    .filter({ has: page.getByRole('button', { name: 'Make default' }) })
    .first();
  const name = (await usable.getAttribute('aria-label')) ?? '';
  await usable.getByRole('button', { name: 'Make default' }).click();

  await expect(resolution).toContainText(`It would charge ${name}`);
  expect(before).not.toContain(`It would charge ${name}`);
});

test('an unknown key is refused at its field, and none is kept', async ({ page }) => {
  await page.goto(`${url}/dashboard`);
  await page.getByLabel('API key', { exact: true }).fill('sk_test_wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();

  await expect(page.getByText('The server does not know this key.')).toBeVisible();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});

test('refused input is told at its field, and what is right is saved in place', async ({ page }) => {
  const { id } = await aCustomer(api, { name: 'Grace Hopper' });
  await open(page, `/customers/${id}`);
  await page.getByRole('button', { name: 'Edit profile' }).click();
  await page.getByLabel('E-mail').fill('no address');
  await page.getByRole('button', { name: 'Save profile' }).click();
  await expect(page.getByLabel('E-mail')).toHaveAttribute('aria-invalid', 'true');

  await page.getByLabel('E-mail').fill('grace@example.com');
  await page.getByRole('button', { name: 'Add a pair' }).click();
  await page.getByLabel('Key 1').fill('tier');
  await page.getByLabel('Value 1').fill('gold');
  await page.getByRole('button', { name: 'Save profile' }).click();
  const profile = page.getByRole('region', { name: 'Profile' });
  await expect(profile).toContainText('grace@example.com');
  await expect(profile).toContainText('gold');

  await page.getByRole('button', { name: 'Add address' }).click();
  await page.getByLabel('Label').fill('Home');
  await page.getByLabel('Country').fill('Nowhere');
  await page.getByRole('button', { name: 'Add address' }).last().click();
  await expect(page.getByLabel('Country')).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('Country').fill('us');
  await page.getByRole('button', { name: 'Add address' }).last().click();
  await expect(page.getByRole('listitem', { name: 'Home' })).toContainText('USA');
});

test('a card is linked from the sandbox, refused the second time, and unlinked', async ({ page }) => {
  const { id } = await aCustomer(api, { name: 'Mary Somerville' });
  await open(page, `/customers/${id}`);
  await expect(page.getByText('It would charge nothing')).toBeVisible();
  for (const _ of ['first', 'second']) {
    await page.getByRole('button', { name: 'Link payment method' }).click();
    await page.getByRole('button', { name: 'Link', exact: true }).click();
    await expect(page.getByText('It would charge Visa •••• 4242')).toBeVisible();
  }
  await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Unlink' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Unlink' }).click();
  await expect(page.getByText('It would charge nothing')).toBeVisible();
});

test('a lost connection takes an optimistic change back, and says so', async ({ page }) => {
  const { id } = await aCustomer(api, { name: 'Emmy Noether' });
  await aPaymentMethod(api, id);
  await aPaymentMethod(api, id, { tokenize: aCard({ brand: 'JCB', lastFour: '1111' }) });
  await open(page, `/customers/${id}`);
  const jcb = page.getByRole('listitem', { name: /JCB/ });
  await expect(jcb).toBeVisible();
  await page.route('**/graphql', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 400));
    await route.abort();
  });
  await jcb.getByRole('button', { name: 'Make default' }).click();

  await expect(jcb.getByText('Default', { exact: true })).toBeVisible();
  await expect(page.getByText('The server cannot be reached.')).toBeVisible();
  await expect(jcb.getByText('Default', { exact: true })).toBeHidden();
  await page.reload();
  await expect(page.getByText('This could not be loaded')).toBeVisible();
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(jcb).toBeVisible();
});

test('a change from a second tab is shown, and the own change can be done again', async ({
  page,
  context,
}) => {
  const { id } = await aCustomer(api, { name: 'Sofia Kovalevskaya', phone: '5551234567' });
  await open(page, `/customers/${id}`);
  await page.getByRole('button', { name: 'Edit profile' }).click();
  await page.getByLabel('Reference').fill(`SHOP-${id}`);
  const other = await context.newPage();
  await open(other, `/customers/${id}`);
  await other.getByRole('button', { name: 'Edit profile' }).click();
  await other.getByLabel('Name').fill('Sonja Kowalewski');
  await other.getByRole('button', { name: 'Save profile' }).click();
  await expect(other.getByRole('heading', { name: 'Sonja Kowalewski' })).toBeVisible();

  await page.getByRole('button', { name: 'Save profile' }).click();
  await expect(page.getByRole('dialog')).toContainText('Sonja Kowalewski');
  await page.getByRole('button', { name: 'Do my change again' }).click();

  await expect(page.getByRole('region', { name: 'Profile' })).toContainText(`SHOP-${id}`);
  // What the person did not touch stays as the other tab left it.
  await expect(page.getByRole('heading', { name: 'Sonja Kowalewski' })).toBeVisible();
});

test('an error of the server is shown with the request id to copy', async ({ page }) => {
  await open(page, '?after=not-a-cursor');

  await expect(page.getByText('This could not be loaded')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Copy request id' })).toBeVisible();
});

test('what changed meanwhile is shown before a customer is deleted', async ({ page }) => {
  const { id } = await aCustomer(api, { name: 'Ada Byron' });
  await open(page, `/customers/${id}`);
  await page.getByRole('button', { name: 'Delete' }).click();
  await rename(id, 'Ada Lovelace');
  await page.getByRole('button', { name: 'Delete for good' }).click();
  const conflict = page.getByRole('dialog', { name: 'This customer has changed meanwhile' });
  await expect(conflict).toContainText('Ada Lovelace');
  expect((await customer(id))?.name).toBe('Ada Lovelace');

  await conflict.getByRole('button', { name: 'Delete it all the same' }).click();
  await expect(page.getByRole('heading', { name: 'Customers' })).toBeVisible();
  expect(await customer(id)).toBeNull();
});

test('a key that may not read tokens is told which scope it lacks for the resolution', async ({ page }) => {
  const { id } = await aCustomer(api, { name: 'Katherine Johnson' });
  const secret = await aKeyWith('CUSTOMERS_READ', 'PAYMENT_METHODS_READ');
  await open(page, `/customers/${id}`, secret);

  const resolution = page.getByRole('region', { name: 'What would a payment use now?' });
  await expect(resolution).toContainText('This key may not see this');
  await expect(resolution).toContainText('The key lacks the scope `TOKENS_READ`.');
  await expect(page.getByRole('heading', { name: 'Katherine Johnson' })).toBeVisible();
});

test('a key that may not read customers signs in, and is told which scope it lacks for the list', async ({
  page,
}) => {
  const secret = await aKeyWith('TOKENS_READ');
  await page.goto(`${url}/dashboard`);
  await page.getByLabel('API key', { exact: true }).fill(secret);
  await page.getByRole('button', { name: 'Sign in' }).click();

  await expect(page.getByText('The key lacks the scope `CUSTOMERS_READ`.')).toBeVisible();
});

test("a card of a brand that the vault does not know has the provider's own word for it", async ({
  page,
}) => {
  const { id } = await aCustomer(api, { name: 'Dorothy Vaughan' });
  await aPaymentMethod(api, id, { tokenize: aCard({ brand: 'UNKNOWN', lastFour: '0001' }) });
  await open(page, `/customers/${id}`);
  await expect(page.getByText('It would charge Card •••• 0001')).toBeVisible();

  // The sandbox has no such word; other providers do.
  await page.route('**/graphql', async (route) => {
    const answer = await route.fetch();
    const body = (await answer.text()).replaceAll('"brandName":null', '"brandName":"Maestro"');
    await route.fulfill({ response: answer, body });
  });
  await page.reload();

  await expect(page.getByText('It would charge Maestro •••• 0001')).toBeVisible();
  await expect(page.getByRole('listitem', { name: 'Maestro •••• 0001' })).toBeVisible();
});

async function customer(id: string): Promise<{ name: string } | null> {
  const answer = await api.execute('query ($id: ID!) { customer(id: $id) { name } }', { id });
  return answer.expectData().customer;
}

async function rename(id: string, name: string): Promise<void> {
  const update =
    'mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { id } } }';
  expect((await api.execute(update, { input: { id, name } })).expectData().updateCustomer.customer).toEqual({
    id,
  });
}
