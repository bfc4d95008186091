import { aCard, aCustomer, anAddress, aPaymentMethod } from '../support/factories.js';
import { api, axeViolations, expect, fitsItsWidth, open, picture, test, url } from './page.js';

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

const sizes = [
  ['wide-light', { width: 1280, height: 860 }, 'light'],
  ['wide-dark', { width: 1280, height: 860 }, 'dark'],
  ['narrow-light', { width: 360, height: 780 }, 'light'],
  ['narrow-dark', { width: 360, height: 780 }, 'dark'],
] as const;

for (const [name, size, colorScheme] of sizes) {
  test(`every view is accessible and fits: ${name}`, async ({ page }) => {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    const id = await aFullCustomer('Ada Lovelace');
    const check = async (view: string) => {
      await picture(page, `${view}-${name}`, true);
      expect.soft(await axeViolations(page), view).toEqual([]);
      expect.soft(await fitsItsWidth(page), view).toBe(true);
    };

    await page.goto(`${url}/dashboard`);
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
    await check('sign-in');

    await open(page);
    await expect(page.getByRole('row').nth(5)).toBeVisible();
    await check('customers');

    await open(page, '?q=nobody+at+all');
    await expect(page.getByText('No customer matches')).toBeVisible();
    await check('no-match');

    await page.goto(`${url}/dashboard`);
    await page.getByRole('button', { name: 'New customer' }).click();
    await expect(page.getByRole('textbox', { name: 'Name' })).toBeVisible();
    await check('new-customer');

    await open(page, `/customers/${id}`);
    await expect(page.getByText('It would charge Visa •••• 4242')).toBeVisible();
    await check('customer');
    for (const [button, inDialog] of [
      ['Link payment method', 'Refuse it when'],
      ['Unlink', 'It is the default'],
      ['Add address', 'Postal code'],
      ['Delete', 'cannot be undone'],
    ] as const) {
      await page.getByRole('button', { name: button, exact: true }).first().click();
      await expect(page.getByRole('dialog').getByText(inDialog).first()).toBeVisible();
      await check(`customer-${button.toLowerCase().replaceAll(' ', '-')}`);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toHaveCount(0);
    }
    await page.getByRole('button', { name: 'Edit profile' }).click();
    await check('customer-profile');

    await open(page, '/customers/000000000000000000000000');
    await expect(page.getByText('There is no such customer')).toBeVisible();
    await check('no-customer');
  });
}
