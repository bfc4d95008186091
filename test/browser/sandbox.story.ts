import { standInForApollo } from './apollo-stand-in.js';
import { axeViolations, expect, fitsItsWidth, keptKey, key, picture, sizes, test, url } from './page.js';

const liveKey = key.replace('sk_test_', 'sk_live_');

test('Sandbox asks /graphql, with the example and the header from the fragment', async ({ page }) => {
  const apollo = await standInForApollo(page);
  const posted = page.waitForRequest((request) => request.method() === 'POST');

  await page.goto(`${url}/sandbox#key=${key}`);

  const request = await posted;
  expect(request.url()).toBe(`${url}/graphql`);
  expect((await request.allHeaders())['authorization']).toBe(`Bearer ${key}`);
  expect(request.postDataJSON().query).toContain('createSandboxPaymentToken');
  const answer = page.frameLocator('iframe').locator('#answer');
  await expect(answer).toContainText('"createCustomer":{"customer":{"id":"');
  expect([page.url(), await keptKey(page)]).toEqual([`${url}/sandbox`, key]);
  // Apollo is told the page's address, too.
  expect(apollo.frames.map(({ searchParams }) => searchParams.get('parent'))).toEqual([`${url}/sandbox`]);
  await page.reload();
  await expect(answer).toContainText('"createCustomer":{"customer":{"id":"');
});

test('Sandbox gives Apollo’s script the key of a signed-in tab only when it was told to', async ({
  page,
}) => {
  const apollo = await standInForApollo(page);
  await page.goto(`${url}/#key=${key}`);
  await page.getByRole('link', { name: 'Apollo Sandbox' }).click();
  await expect(page.getByText(key.slice(0, 12))).toBeVisible();
  expect(apollo.scripts).toEqual([]);

  await page.getByRole('button', { name: 'Open signed in' }).click();
  await expect(page.frameLocator('iframe').locator('#answer')).toContainText('"createCustomer":{"customer"');
  await expect(page.getByRole('main')).toBeHidden();
});

test('Sandbox opens without the key, and the tab has none then', async ({ page }) => {
  const apollo = await standInForApollo(page);
  await page.goto(`${url}/#key=${key}`);
  await page.getByRole('link', { name: 'Apollo Sandbox' }).click();
  await page.getByRole('button', { name: 'Sign out and open' }).click();

  await expect(page.frameLocator('iframe').locator('#answer')).toContainText('UNAUTHENTICATED');
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  expect(apollo.frames.map(({ href }) => href.includes('sk_test'))).toEqual([false]);
});

test('Sandbox is given no live key', async ({ page }) => {
  const apollo = await standInForApollo(page);
  await page.goto(`${url}/sandbox#key=${liveKey}`);

  await expect(page.getByText('Live keys are not given')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Open signed in' })).toBeHidden();
  expect([page.url(), await keptKey(page), apollo.scripts]).toEqual([`${url}/sandbox`, liveKey, []]);
});

test('Sandbox asks again when another key has come', async ({ page }) => {
  const apollo = await standInForApollo(page);
  await page.goto(`${url}/sandbox#key=${key}`);
  await expect(page.frameLocator('iframe').locator('#answer')).toContainText('createCustomer');
  await page.goto(`${url}/#key=${liveKey}`);
  await page.goto(`${url}/#key=${key}`);
  await page.goto(`${url}/sandbox`);

  await expect(page.getByRole('button', { name: 'Open signed in' })).toBeVisible();
  expect(apollo.scripts).toHaveLength(1);
});

test('Sandbox says that Apollo cannot be reached, and leads to the explorer', async ({ page }) => {
  await page.route('https://*.apollographql.com/**', (route) => route.abort());
  await page.goto(`${url}/sandbox#key=${key}`);

  await expect(page.getByText('It could not be loaded from Apollo’s servers.')).toBeVisible();
  await expect(page.getByRole('button')).toHaveCount(0);
  await page.getByRole('link', { name: 'explorer' }).click();
  await expect(page.getByRole('heading', { name: 'Explorer' })).toBeAttached();
});

for (const [name, size, colorScheme] of sizes) {
  test(`what Sandbox asks is accessible and fits: ${name}`, async ({ page }) => {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    await page.goto(`${url}/#key=${key}`);
    await page.goto(`${url}/sandbox`);
    await expect(page.getByRole('button', { name: 'Open signed in' })).toBeVisible();

    await picture(page, `sandbox-${name}`);
    expect(await axeViolations(page)).toEqual([]);
    expect(await fitsItsWidth(page)).toBe(true);
  });
}
