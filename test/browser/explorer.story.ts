import { axeViolations, expect, open, picture, test } from './page.js';

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
  await run('4. Resolve', '"usable": true');
  await run('5. An expired default', 'CARD_EXPIRED');
  await run('4. Resolve', 'CARD_EXPIRED');
  await picture(page, 'explorer');

  expect(elsewhere.filter((address) => !/^(data|blob):/.test(address))).toEqual([]);
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('sk_');
});

test('the explorer documents the schema and keeps a history', async ({ page }) => {
  await open(page, '/explorer');
  await page.getByRole('button', { name: /^Execute query/ }).click();
  await expect(page.getByRole('region', { name: /result/i })).toContainText('customer');

  await page.getByRole('button', { name: /history/i }).click();
  await expect(page.getByText('CreateCustomer').first()).toBeVisible();
  await page.getByRole('button', { name: /documentation/i }).click();
  await expect(page.getByText('Root Types')).toBeVisible();

  expect(await axeViolations(page, 'nav')).toEqual([]);
});
