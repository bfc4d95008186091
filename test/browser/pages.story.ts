import type { Page } from '@playwright/test';
import {
  aKeyWith,
  axeViolations,
  expect,
  fitsItsWidth,
  keptKey,
  key,
  picture,
  printedAddress,
  sizes,
  test,
  url,
} from './page.js';

const [, mode = '', , id = ''] = key.split('_');
const preview = `sk_${mode}_${id.slice(0, 4)}…`;
const malformed = [`${key}x`, key.slice(0, -1), 'canary', '', key.replace('sk_', 'cs_')];

/** Goes to an address of the same page with another fragment: nothing is loaded, as when a person does it. */
async function changeFragment(page: Page, fragment: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, fragment);
}

/** Runs the first ready operation. */
async function runInExplorer(page: Page): Promise<void> {
  await expect(page.getByText('CreateCustomerInput')).toBeVisible();
  await page.getByRole('button', { name: /^Execute query/ }).click();
  await expect(page.getByRole('region', { name: /result/i })).toContainText('"customer"');
}

test('the printed address signs the tab in, keeps no key, and leads on', async ({ page }) => {
  expect(printedAddress).toBe(`${url}/#key=${key}`);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));

  await page.goto(printedAddress);
  await expect(page.getByRole('status')).toContainText(preview);
  expect([page.url(), await keptKey(page)]).toEqual([`${url}/`, key]);
  expect(await page.content()).not.toContain(key);
  expect(asked.filter((address) => !address.startsWith(url) || address.includes(key))).toEqual([]);

  await page.getByRole('link', { name: 'Explorer' }).click();
  await runInExplorer(page);
  await page.getByRole('link', { name: 'Customers', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Customers' })).toBeVisible();
});

for (const path of ['/dashboard', '/dashboard?q=SEED', '/dashboard/explorer']) {
  test(`a key in the fragment of ${path} signs in at once, and is stripped`, async ({ page }) => {
    await page.goto(`${url}${path}#key=${key}`);

    await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
    expect([page.url(), await keptKey(page)]).toEqual([url + path, key]);
    await page.reload();
    await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
  });
}

for (const path of ['/', '/dashboard', '/sandbox']) {
  test(`what is no key in the fragment of ${path} is ignored, and stripped`, async ({ page }) => {
    await page.route('https://*.apollographql.com/**', (route) => route.abort());
    for (const fragment of malformed) {
      await page.goto('about:blank');
      await page.goto(`${url}${path}#key=${fragment}`);
      await expect(page).toHaveURL(url + path);
      expect(await keptKey(page)).toBeNull();
    }
    await page.goto('about:blank');
    await page.goto(`${url}${path}#key=${key}`);
    await expect(page).toHaveURL(url + path);
    await changeFragment(page, 'key=canary');
    await expect(page).toHaveURL(url + path);
    expect(await keptKey(page)).toBe(key);
  });
}

test('a key that the server does not know signs out again, and says so', async ({ page }) => {
  await page.goto(`${url}/dashboard#key=${key.slice(0, -3)}AAA`);

  await expect(page.getByText('The server no longer accepts this key.')).toBeVisible();
  expect(await keptKey(page)).toBeNull();
});

test('a second key in the fragment replaces the first, and what was done with that', async ({ page }) => {
  const second = await aKeyWith('TOKENS_READ');
  await page.goto(`${url}/dashboard#key=${key}`);
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  await page.evaluate(() => sessionStorage.setItem('vault-story', '{"customerId":"1"}'));

  await changeFragment(page, `key=${second}`);
  await expect(page.getByText('The key lacks the scope `CUSTOMERS_READ`.')).toBeVisible();
  await expect(page.getByRole('row')).toHaveCount(0);
  expect(page.url()).toBe(`${url}/dashboard`);
  expect(await page.evaluate(() => Object.entries(sessionStorage))).toEqual([['vault-api-key', second]]);
});

test('each tab has its own key, and signs out alone', async ({ page, context }) => {
  const second = await aKeyWith('TOKENS_READ');
  const other = await context.newPage();
  await page.goto(printedAddress);
  await other.goto(`${url}/#key=${second}`);
  await expect(other.getByRole('status')).toContainText(second.slice(0, 12));
  expect(await keptKey(page)).toBe(key);

  await other.getByRole('button', { name: 'Sign out' }).click();
  await expect(other.getByRole('status')).toContainText('Not signed in');
  await expect(other.getByRole('button', { name: 'Sign out' })).toBeHidden();
  await other.goto(`${url}/dashboard`);
  await expect(other.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await page.getByRole('link', { name: 'Dashboard' }).click();
  await expect(page.getByRole('heading', { name: 'Customers' })).toBeVisible();
});

test('signing out leaves nothing in the tab', async ({ page }) => {
  await page.goto(`${url}/dashboard/explorer#key=${key}`);
  await runInExplorer(page);
  expect(await page.evaluate(() => sessionStorage.getItem('vault-story'))).toContain('customerId');

  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect.poll(() => page.evaluate(() => JSON.stringify(sessionStorage))).not.toMatch(/customer|sk_/);
});

for (const [name, size, colorScheme] of sizes) {
  test(`the first page is accessible and fits: ${name}`, async ({ page }) => {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    for (const [view, address] of [
      ['home-signed-out', `${url}/`],
      ['home', printedAddress],
    ] as const) {
      await page.goto(address);
      await expect(page.getByRole('status')).toContainText(/Not signed in|is signed in/);
      await picture(page, `${view}-${name}`, true);
      expect.soft(await axeViolations(page), view).toEqual([]);
      expect.soft(await fitsItsWidth(page), view).toBe(true);
    }
  });
}

test('the first page follows the colours that were chosen in the dashboard', async ({ page }) => {
  const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto(printedAddress);
  const light = await back();
  await page.getByRole('link', { name: 'Dashboard' }).click();
  await page.getByRole('button', { name: 'Switch to dark colours' }).click();
  await page.goto(`${url}/`);

  await expect.poll(back).not.toBe(light);
});
