import type { Page } from '@playwright/test';
import { startShop } from '../support/example-shop.mjs';
import { aCard, aCustomer, aPaymentMethod, aProviderToken } from '../support/factories.js';
import { api, axeViolations, expect, fitsItsWidth, key, picture, test, url } from './page.js';

const port = process.env['VAULT_BROWSER_SHOP_PORT'] ?? '';

/** Runs the shop for one customer while `use` looks at its page. */
async function inTheShopOf(id: string, page: Page, use: () => Promise<void>): Promise<void> {
  const stop = await startShop({ VAULT_URL: url, VAULT_API_KEY: key, CUSTOMER_ID: id, PORT: port });
  try {
    await page.setViewportSize({ width: 360, height: 780 });
    await page.goto(`http://127.0.0.1:${port}/`);
    await use();
  } finally {
    await stop();
  }
}

const inDialog = (page: Page, name: string) => page.getByRole('dialog').getByRole('button', { name });

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a customer keeps details, addresses and cards on the shop's page: ${colorScheme}`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme });
    const { id } = await aCustomer(api, { name: 'Ada Lovelace' });
    await aPaymentMethod(api, id, { label: 'Old card' });
    await aPaymentMethod(api, id, { label: 'New card', isDefault: false });
    const check = async (view: string) => {
      await picture(page, `profile-page-${view}-${colorScheme}`, view === 'all');
      expect.soft(await axeViolations(page), view).toEqual([]);
      expect.soft(await fitsItsWidth(page), view).toBe(true);
    };
    await inTheShopOf(id, page, async () => {
      await expect(page.getByText('You have no address yet.')).toBeVisible();
      await page.getByRole('button', { name: 'Edit my details' }).click();
      await page.getByLabel('E-mail').fill('no address');
      await inDialog(page, 'Save my details').click();
      await expect(page.getByLabel('E-mail')).toBeFocused();
      await expect(page.getByLabel('E-mail')).toHaveAccessibleDescription(/./);
      await check('details');
      await page.getByLabel('E-mail').fill('ada@example.com');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('definition').first()).toHaveText('ada@example.com');
      await expect(page.getByRole('heading', { name: 'My details' })).toBeFocused();

      await page.getByRole('button', { name: 'Add an address' }).click();
      await inDialog(page, 'Add the address').click();
      await expect(page.getByLabel('Name of the address')).toBeFocused();
      await page.getByLabel('Name of the address').fill('Home');
      await inDialog(page, 'Add the address').click();
      await expect(page.getByRole('heading', { name: 'Home Default' })).toBeVisible();
      await page.getByRole('button', { name: 'Edit: Home' }).click();
      await page.getByLabel('City').fill('London');
      await check('address');
      await inDialog(page, 'Save the address').click();
      await expect(page.getByRole('listitem').filter({ hasText: 'Home' })).toContainText('London');

      await page.getByRole('button', { name: 'Make default: New card' }).click();
      await expect(page.getByRole('heading', { name: 'New card Default' })).toBeVisible();
      await page.getByRole('button', { name: 'Unlink: New card' }).click();
      await inDialog(page, 'Unlink').click();
      await expect(page.getByText('None is the default')).toBeVisible();
      await page.getByRole('button', { name: 'Add a payment method' }).click();
      await page.getByLabel('Payment token').fill('no-token');
      await inDialog(page, 'Add it').click();
      await expect(page.getByLabel('Payment token')).toHaveAccessibleDescription(/./);
      const expired = { brand: 'AMEX', lastFour: '0005', expiry: { month: 9, year: 2024 } };
      await page.getByLabel('Payment token').fill(await aProviderToken(api, aCard(expired)));
      await inDialog(page, 'Add it').click();
      await expect(page.getByText('American Express ending in 0005')).toBeVisible();
      await expect(page.getByText('Expired', { exact: true })).toBeVisible();

      await check('all');
      await page.getByRole('button', { name: 'Remove: Home' }).click();
      await inDialog(page, 'Remove').click();
      await expect(page.getByText('You have no address yet.')).toBeVisible();
    });
  });
}

test('a session that has ended is replaced by a new one', async ({ page }) => {
  const { id } = await aCustomer(api, { name: 'Ada Lovelace' });
  let sessions = 0;
  await page.route('**/session', async (route) => {
    sessions += 1;
    const response = await route.fetch();
    const session = await response.json();
    await route.fulfill({ response, json: sessions === 1 ? { ...session, token: 'ended' } : session });
  });
  await inTheShopOf(id, page, async () => {
    await expect(page.getByRole('heading', { name: 'Ada Lovelace' })).toBeVisible();
    expect(sessions).toBe(2);
  });
});

test('a change whose answer was lost is done once when it is tried again', async ({ page }) => {
  const { id } = await aCustomer(api, { name: 'Ada Lovelace' });
  await inTheShopOf(id, page, async () => {
    await page.getByRole('button', { name: 'Add an address' }).click();
    await page.getByLabel('Name of the address').fill('Home');
    await page.route('**/graphql', async (route) => {
      if (route.request().method() === 'POST') await route.fetch();
      await route.abort();
    });
    await inDialog(page, 'Add the address').click();
    await expect(page.getByText('The connection was lost.')).toBeVisible();
    await page.unroute('**/graphql');
    await inDialog(page, 'Add the address').click();

    await expect(page.getByRole('heading', { name: 'Home Default' })).toBeVisible();
    await expect(page.getByRole('button', { name: /^Remove: / })).toHaveCount(1);
  });
});

test('what was changed elsewhere is not overwritten, and is shown', async ({ page }) => {
  const { id } = await aCustomer(api, { name: 'Ada Byron' });
  await inTheShopOf(id, page, async () => {
    await page.getByRole('button', { name: 'Edit my details' }).click();
    await page.getByLabel('Phone').fill('5551234567');
    const update =
      'mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { name } } }';
    (await api.execute(update, { input: { id, name: 'Ada Lovelace' } })).expectData();
    await inDialog(page, 'Save my details').click();

    await expect(page.getByRole('dialog')).toContainText('changed elsewhere meanwhile');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('heading', { name: 'Ada Lovelace' })).toBeVisible();
    await expect(page.getByRole('definition').last()).toHaveText('—');
  });
});
