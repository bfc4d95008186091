import { aCustomer, aPaymentMethod } from '../support/factories.js';
import { api, axeViolations, expect, fitsItsWidth, open, picture, sizes, test } from './page.js';

// Of others: the editor's colours of syntax, and a button within each tab of GraphiQL.
const notOurs = ['.monaco-editor', '.graphiql-tab'];
const operations = 'Ready operations';

test('the explorer tells the story, operation by operation, and remembers what each gave', async ({
  page,
}) => {
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith('http://127.0.0.1')) elsewhere.push(request.url());
  });
  await open(page, '/explorer');
  const run = async (title: string, expected: string) => {
    await page.getByRole('combobox', { name: operations }).click();
    await page.getByRole('option', { name: title }).click();
    await page.getByRole('button', { name: /^Execute query/ }).click();
    await expect(page.getByRole('region', { name: /result/i })).toContainText(expected);
  };

  await run('1. Create a customer', '"isDefault": true');
  await run('2. Tokenize cards', '"same"');
  await run('3. Link a card', '"lastFour": "4242"');
  await run('5. Resolve', '"usable": true');
  await run('6. An expired default', 'CARD_EXPIRED');
  await run('5. Resolve', 'CARD_EXPIRED');
  await picture(page, 'explorer');
  await run('7. Choose the default', '"lastFour": "4242"');
  await run('5. Resolve', '"usable": true');

  expect(elsewhere.filter((address) => !/^(data|blob):/.test(address))).toEqual([]);
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('sk_');
});

test('what was done on a customer’s page is repeated in the explorer', async ({ page }) => {
  const { id } = await aCustomer(api, { name: 'Dorothy Vaughan' });
  await aPaymentMethod(api, id, { label: 'First card' });
  await aPaymentMethod(api, id, { label: 'Second card' });
  await open(page, `/customers/${id}`);
  await page.getByRole('link', { name: 'Open in the explorer' }).click();
  const result = page.getByRole('region', { name: /result/i });
  const run = async (expected: string) => {
    await page.getByRole('button', { name: /^Execute query/ }).click();
    await expect(result).toContainText(expected);
  };
  const choose = async (title: string) => {
    await page.getByRole('combobox', { name: operations }).click();
    await page.getByRole('option', { name: title }).click();
  };

  await expect(page.getByText(`"${id}"`)).toBeVisible();
  await run('Dorothy Vaughan');
  await choose('7. Choose the default');
  await run('Second card');
  await choose('5. Resolve');
  await run('providerToken');
  await expect(result).toContainText('Second card');
});

test('the explorer documents the schema and keeps a history', async ({ page }) => {
  await open(page, '/explorer');
  await expect(page.getByText('CreateCustomerInput')).toBeVisible();
  await page.getByRole('button', { name: /^Execute query/ }).click();
  await expect(page.getByRole('region', { name: /result/i })).toContainText('customer');

  await page.getByRole('button', { name: /history/i }).click();
  await expect(page.getByText('CreateCustomer').first()).toBeVisible();
  await page.getByRole('button', { name: /documentation/i }).click();
  await expect(page.getByText('Root Types')).toBeVisible();
});

for (const [name, size, colorScheme] of sizes) {
  test(`the explorer is accessible and follows the colours: ${name}`, async ({ page }) => {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    await open(page, '/explorer');
    await expect(page.getByText('CreateCustomerInput')).toBeVisible();
    await page.getByRole('button', { name: /^Execute query/ }).click();
    await expect(page.getByRole('region', { name: /result/i })).toContainText('"data"');

    await picture(page, `explorer-${name}`);
    await expect(page.locator('body')).toHaveClass(new RegExp(`graphiql-${colorScheme}`));
    expect(await axeViolations(page, notOurs)).toEqual([]);
    expect(await fitsItsWidth(page)).toBe(true);
  });
}
