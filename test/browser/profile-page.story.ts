import { startShop } from '../support/example-shop.mjs';
import { aCustomer, aPaymentMethod } from '../support/factories.js';
import { api, axeViolations, expect, fitsItsWidth, key, picture, test, url } from './page.js';

const port = process.env['VAULT_BROWSER_SHOP_PORT'] ?? '';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a customer keeps addresses and cards on the shop's page: ${colorScheme}`, async ({ page }) => {
    const { id } = await aCustomer(api, { name: 'Ada Lovelace' });
    await aPaymentMethod(api, id, { label: 'Old card' });
    await aPaymentMethod(api, id, { label: 'New card', isDefault: false });
    const stop = await startShop({ VAULT_URL: url, VAULT_API_KEY: key, CUSTOMER_ID: id, PORT: port });
    try {
      await page.setViewportSize({ width: 360, height: 780 });
      await page.emulateMedia({ colorScheme });
      page.on('dialog', (dialog) => dialog.accept());
      let sessions = 0;
      // The first session has ended by the time that it is used.
      await page.route('**/session', async (route) => {
        sessions += 1;
        const response = await route.fetch();
        const session = await response.json();
        await route.fulfill({ response, json: sessions === 1 ? { ...session, token: 'ended' } : session });
      });
      await page.goto(`http://127.0.0.1:${port}/`);
      await expect(page.getByRole('heading', { name: 'Ada Lovelace' })).toBeVisible();
      await expect(page.getByText('You have no address yet.')).toBeVisible();
      expect(sessions).toBe(2);

      await page.getByRole('button', { name: 'Add address' }).click();
      await expect(page.getByLabel('Name of the address')).toHaveAccessibleDescription(/./);
      await page.getByLabel('Name of the address').fill('Home');
      await page.getByRole('button', { name: 'Add address' }).click();
      await expect(page.getByRole('heading', { name: 'Home Default' })).toBeVisible();
      await page.getByRole('button', { name: 'Make default: New card' }).click();
      await expect(page.getByRole('heading', { name: 'New card Default' })).toBeVisible();
      await page.getByRole('button', { name: 'Unlink: New card' }).click();
      await expect(page.getByText('None is the default')).toBeVisible();

      await picture(page, `profile-page-${colorScheme}`, true);
      expect(await axeViolations(page)).toEqual([]);
      expect(await fitsItsWidth(page)).toBe(true);
      await page.getByRole('button', { name: 'Remove: Home' }).click();
      await expect(page.getByText('You have no address yet.')).toBeVisible();
    } finally {
      await stop();
    }
  });
}
