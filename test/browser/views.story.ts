import type { Page } from '@playwright/test';
import { aCard, aCustomer, anAddress, aPaymentMethod } from '../support/factories.js';
import {
  aKeyWith,
  api,
  axeViolations,
  expect,
  fitsItsWidth,
  open,
  picture,
  sizes,
  test,
  url,
} from './page.js';

async function aFullCustomer(name: string): Promise<string> {
  const { id } = await aCustomer(api, {
    name,
    email: 'ada@example.com',
    phone: '+44 20 7946 0018',
    metadata: { tier: 'gold' },
    addresses: [{ label: 'Home', line1: "12 St James's Square", city: 'London', country: 'GB' }],
  });
  await anAddress(api, id, { label: 'Work', line1: '1 Analytical Way', city: 'London', country: 'GB' });
  const soon = new Date(Date.now() + 20 * 24 * 3_600_000);
  await aPaymentMethod(api, id, { label: 'My Visa Card' });
  const expired = { brand: 'AMEX', lastFour: '0005', expiry: { month: 9, year: 2024 } };
  await aPaymentMethod(api, id, { tokenize: aCard(expired), label: 'Old card' });
  const ending = {
    brand: 'MASTERCARD',
    lastFour: '5100',
    expiry: { month: soon.getUTCMonth() + 1, year: soon.getUTCFullYear() },
  };
  await aPaymentMethod(api, id, { tokenize: aCard(ending) });
  await aPaymentMethod(api, id, {
    tokenize: { ach: { bankAccountType: 'CHECKING', lastFour: '6789', verified: false } },
    label: 'Rent account',
  });
  return id;
}

const dialogs = [
  ['Link payment method', 'Refuse it when'],
  ['Label', 'At most 50 characters'],
  ['Unlink', 'It is the default'],
  ['Add address', 'Postal code'],
  ['Edit', 'Save address'],
  ['Delete', 'cannot be undone'],
] as const;

for (const [name, size, colorScheme] of sizes) {
  const show = async (page: Page) => {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    return async (view: string) => {
      const isDialog = (await page.getByRole('dialog').count()) > 0;
      await picture(page, `${view}-${name}`, !isDialog);
      expect.soft(await axeViolations(page), view).toEqual([]);
      expect.soft(await fitsItsWidth(page), view).toBe(true);
    };
  };

  test(`the sign-in and every state of the list are accessible and fit: ${name}`, async ({ page }) => {
    const check = await show(page);
    await page.goto(`${url}/dashboard`);
    await page.getByLabel('API key', { exact: true }).fill('sk_test_wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByText('The server does not know this key.')).toBeVisible();
    await check('sign-in');

    await open(page, '?q=SEED');
    await expect(page.getByRole('row').nth(5)).toBeVisible();
    await check('customers');
    await page.getByRole('button', { name: 'New customer' }).click();
    await page.getByRole('button', { name: 'Create customer' }).click();
    await expect(page.getByRole('textbox', { name: 'Name' })).toHaveAttribute('aria-invalid', 'true');
    await check('new-customer');

    await open(page, '?q=nobody+at+all&brand=VISA');
    await expect(page.getByText('No customer matches')).toBeVisible();
    await check('no-match');

    await page.route('**/graphql', () => {});
    await page.reload();
    await expect(page.getByRole('status', { name: 'Loading' })).toBeVisible();
    await check('customers-loading');
    await page.unrouteAll({ behavior: 'ignoreErrors' });

    await open(page, '?after=not-a-cursor');
    await expect(page.getByRole('button', { name: 'Copy request id' })).toBeVisible();
    await check('customers-failed');

    await open(page, '/nowhere');
    await expect(page.getByText('There is nothing at this address')).toBeVisible();
    await check('nothing-here');
  });

  test(`a customer's page with each of its dialogs is accessible and fits: ${name}`, async ({ page }) => {
    const check = await show(page);
    const id = await aFullCustomer('Ada Lovelace');
    await open(page, `/customers/${id}`);
    await expect(page.getByText('It would charge Visa •••• 4242')).toBeVisible();
    await check('customer');
    for (const [button, inDialog] of dialogs) {
      await page.getByRole('button', { name: button, exact: true }).first().click();
      await expect(page.getByRole('dialog').getByText(inDialog).first()).toBeVisible();
      await check(`customer-${button.toLowerCase().replaceAll(' ', '-')}`);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toHaveCount(0);
    }

    await page.getByRole('button', { name: 'Edit profile' }).click();
    await page.getByLabel('Name').fill('');
    await page.getByRole('button', { name: 'Save profile' }).click();
    await expect(page.getByLabel('Name')).toHaveAttribute('aria-invalid', 'true');
    await check('customer-profile');

    await anAddress(api, id, { label: 'Holiday', line1: '3 Sea View', city: 'Brighton', country: 'GB' });
    await page.getByLabel('Name').fill('Ada King');
    await page.getByRole('button', { name: 'Save profile' }).click();
    await expect(page.getByRole('dialog')).toContainText('3 Sea View');
    await check('customer-conflict');
  });

  test(`a customer's page without the data is accessible and fits: ${name}`, async ({ page }) => {
    const check = await show(page);
    const { id } = await aCustomer(api, { name: 'Grace Hopper' });
    await open(page, `/customers/${id}`, await aKeyWith('CUSTOMERS_READ', 'PAYMENT_METHODS_READ'));
    await expect(page.getByText('This key may not see this')).toBeVisible();
    await expect(page.getByText('No addresses yet')).toBeVisible();
    await check('customer-empty');

    await page.route('**/graphql', () => {});
    await page.reload();
    await expect(page.getByRole('status', { name: 'Loading' })).toBeVisible();
    await check('customer-loading');
    await page.unrouteAll({ behavior: 'ignoreErrors' });

    await page.route('**/graphql', (route) => route.abort());
    await page.reload();
    await expect(page.getByText('The server cannot be reached.')).toBeVisible();
    await check('customer-failed');
    await page.unrouteAll({ behavior: 'ignoreErrors' });

    await open(page, '/customers/000000000000000000000000');
    await expect(page.getByText('There is no such customer')).toBeVisible();
    await check('no-customer');
  });
}
