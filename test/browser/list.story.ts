import { aCard, aCustomer, aPaymentMethod } from '../support/factories.js';
import { api, expect, open, test } from './page.js';

test('the address holds search, filters and page, and the back button goes back', async ({ page }) => {
  await open(page);
  const first = await page.getByRole('row').nth(1).textContent();
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page).toHaveURL(/after=/);
  await expect(page.getByRole('row').nth(1)).not.toHaveText(first ?? '');
  const second = await page.getByRole('row').nth(1).textContent();
  await page.getByRole('button', { name: 'Previous' }).click();
  await expect(page).toHaveURL(/before=/);
  await expect(page.getByRole('row').nth(1)).toHaveText(first ?? '');
  await page.goBack();
  await expect(page.getByRole('row').nth(1)).toHaveText(second ?? '');

  await page.getByRole('checkbox', { name: 'Without a default' }).check();
  await expect(page).toHaveURL(/default=none/);
  await expect(page.getByText(/^\d+ customers?$/)).not.toHaveText(/20\d customers/);
  await page.reload();
  await expect(page.getByRole('checkbox', { name: 'Without a default' })).toBeChecked();
});

test('filters by brand, last four and expiry are kept by the address, and back takes them off', async ({
  page,
}) => {
  const { id } = await aCustomer(api, { name: 'Chien-Shiung Wu' });
  const card = { brand: 'UNION_PAY', lastFour: '9041', expiry: { month: 6, year: 2031 } };
  await aPaymentMethod(api, id, { tokenize: aCard(card) });
  await open(page);
  const count = page.getByText(/^\d+ customers?$/);
  await expect(count).toHaveText(/^2\d\d customers$/);

  await page.getByRole('combobox', { name: 'Brand' }).click();
  await page.getByRole('option', { name: 'UnionPay' }).click();
  await expect(page).toHaveURL(/\?brand=UNION_PAY$/);
  await expect(count).not.toHaveText(/^2\d\d customers$/);
  await page.getByLabel('Last four').fill('9041');
  await page.getByLabel('Expiring before').fill('2031-07');
  await expect(page).toHaveURL(/\?brand=UNION_PAY&last4=9041&expires=2031-07$/);
  await expect(count).toHaveText('1 customer');
  await page.reload();
  await expect(page.getByRole('link', { name: 'Chien-Shiung Wu' })).toBeVisible();
  await expect(page.getByLabel('Last four')).toHaveValue('9041');
  await page.getByLabel('Expiring before').fill('2031-06');
  await expect(page.getByText('No customer matches')).toBeVisible();

  await page.goBack();
  await expect(count).toHaveText(/^2\d\d customers$/);
  await expect(page.getByRole('combobox', { name: 'Brand' })).toHaveValue('');
  await expect(page.getByLabel('Last four')).toHaveValue('');
  await expect(page.getByLabel('Expiring before')).toHaveValue('');
  await page.goForward();
  await expect(page.getByLabel('Last four')).toHaveValue('9041');
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page).toHaveURL(/\/dashboard\/?$/);
});

test('pages lead through all that was found, forwards and backwards', async ({ page }) => {
  await open(page, '?q=SEED');
  const links = page.getByRole('table').getByRole('link');
  const shown = async (other: string[]) => {
    if (other[0]) await expect(links.first()).not.toHaveText(other[0]);
    return links.allTextContents();
  };
  await expect(page.getByText('200 customers')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Previous' })).toBeDisabled();
  const pages = [await shown([])];
  for (const _ of ['second', 'third']) {
    await page.getByRole('button', { name: 'Next' }).click();
    pages.push(await shown(pages.at(-1) ?? []));
  }
  expect(pages.map((names) => names.length)).toEqual([25, 25, 25]);

  await page.getByRole('button', { name: 'Previous' }).click();
  expect(await shown(pages[2] ?? [])).toEqual(pages[1]);
  await page.getByRole('button', { name: 'Previous' }).click();
  expect(await shown(pages[1] ?? [])).toEqual(pages[0]);
  await expect(page.getByRole('button', { name: 'Previous' })).toBeDisabled();
  await expect(page).toHaveURL(/q=SEED/);
});
