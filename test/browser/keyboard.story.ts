import type { Page } from '@playwright/test';
import { aCard, aCustomer, anAddress, aPaymentMethod } from '../support/factories.js';
import { api, expect, key, open, test, url } from './page.js';

/** Presses Tab until what has this name has the keyboard. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let step = 0; step < 80; step += 1) {
    await page.keyboard.press('Tab');
    if ((await nameHere(page)).startsWith(name)) return;
  }
  throw new Error(`No "${name}" was reached by the keyboard.`);
}

/** What has the keyboard, by the name that a person sees or hears. */
function nameHere(page: Page): Promise<string> {
  return page.evaluate(() => {
    const here = document.activeElement as HTMLInputElement | null;
    return here?.ariaLabel || here?.labels?.[0]?.innerText || here?.innerText || '';
  });
}

/** Presses ArrowDown until this option of the open list is marked; a list that is still opening hears no key. */
async function arrowTo(page: Page, name: string): Promise<void> {
  const option = page.getByRole('option', { name });
  await expect(async () => {
    await page.keyboard.press('ArrowDown');
    await expect(option).toHaveAttribute('data-combobox-selected', { timeout: 500 });
  }).toPass();
}

async function press(page: Page, name: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

test('the keyboard alone signs in, searches, opens a customer and makes another card the default', async ({
  page,
}) => {
  const { id } = await aCustomer(api, { name: 'Hedy Lamarr', reference: 'KEYBOARD-1' });
  await aPaymentMethod(api, id);
  await aPaymentMethod(api, id, { tokenize: aCard({ brand: 'JCB', lastFour: '1111' }) });
  await page.goto(`${url}/dashboard`);
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await tabTo(page, 'API key');
  await page.keyboard.type(key);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Customers' })).toBeVisible();
  await tabTo(page, 'Search');
  await page.keyboard.type('KEYBOARD-1');
  await expect(page.getByText('1 customer', { exact: true })).toBeVisible();
  await press(page, 'Hedy Lamarr');
  await expect(page.getByRole('listitem', { name: /JCB/ })).toBeVisible();
  await press(page, 'Make default');

  await expect(page.getByText('It would charge JCB •••• 1111')).toBeVisible();
  // The button is gone: the keyboard goes on from its section.
  await expect(page.getByRole('heading', { name: 'Payment methods' })).toBeFocused();
});

test('the keyboard alone edits a profile, adds an address, and links and unlinks cards', async ({ page }) => {
  const { id } = await aCustomer(api, { name: 'Joan Clarke' });
  await open(page, `/customers/${id}`);
  await expect(page.getByText('It would charge nothing')).toBeVisible();

  await press(page, 'Edit profile');
  await tabTo(page, 'E-mail');
  await page.keyboard.type('no address');
  await press(page, 'Save profile');
  await expect(page.getByLabel('E-mail')).toBeFocused();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('joan@example.com');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Profile' })).toContainText('joan@example.com');
  await expect(page.getByRole('button', { name: 'Edit profile' })).toBeFocused();

  await press(page, 'Add address');
  await expect(page.getByLabel('Label')).toBeFocused();
  await page.keyboard.type('Home');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('listitem', { name: 'Home' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add address' })).toBeFocused();

  await press(page, 'Link payment method');
  await press(page, 'Link');
  await expect(page.getByText('It would charge Visa •••• 4242')).toBeVisible();
  await press(page, 'Link payment method');
  await tabTo(page, 'Brand');
  await page.keyboard.press('Enter');
  await arrowTo(page, 'Mastercard');
  await page.keyboard.press('Enter');
  await press(page, 'Link');
  await expect(page.getByRole('listitem', { name: 'Mastercard •••• 4242' })).toBeVisible();

  await press(page, 'Unlink');
  await tabTo(page, 'No default');
  await page.keyboard.press('ArrowDown');
  await press(page, 'Unlink');
  await expect(page.getByText('It would charge Mastercard •••• 4242')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Payment methods' })).toBeFocused();
});

test('Escape closes each dialog, and the keyboard is back on what opened it', async ({ page }) => {
  const { id } = await aCustomer(api, { name: 'Annie Easley' });
  await aPaymentMethod(api, id);
  await anAddress(api, id);
  await open(page, `/customers/${id}`);
  await expect(page.getByText('It would charge Visa •••• 4242')).toBeVisible();
  const openers = ['Link payment method', 'Label', 'Unlink', 'Add address', 'Edit', 'Delete'];
  for (const name of openers) {
    await press(page, name);
    await expect(page.getByRole('dialog')).toBeVisible();
    await expect(page.getByRole('dialog').locator(':focus')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(page.getByRole('button', { name, exact: true })).toBeFocused();
  }

  await open(page);
  await press(page, 'New customer');
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'New customer' })).toBeFocused();
});
