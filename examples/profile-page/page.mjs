import { ask, element } from './dialog.mjs';
import { change, read } from './vault.mjs';
import { ADDRESS, DETAILS, factsOf, METHOD, REASONS } from './words.mjs';

const PROFILE = `fragment Profile on Customer {
  id name email phone version
  addresses { id label line1 line2 city state postalCode country isDefault }
  paymentMethods(first: 50) {
    nodes {
      id label isDefault unusableReason
      card { brand lastFour expiry { month year } }
      ach { bankAccountType lastFour }
    }
  }
}`;
const at = (id) => document.getElementById(id);
let customer;

function say(text, isError = false) {
  at('status').textContent = isError ? '' : text;
  at('error').hidden = !isError;
  at('error-text').textContent = isError ? text : '';
}

/** Sends one mutation, shows the customer that it answers with, and gives the problems with what was sent. */
async function apply({ mutation, input, done, heading }) {
  const inputType = `${mutation[0].toUpperCase()}${mutation.slice(1)}Input`;
  const query = `mutation ($input: ${inputType}!) {
    result: ${mutation}(input: $input) { customer { ...Profile } userErrors { code field message } }
  } ${PROFILE}`;
  const { result } = await change(query, { input });
  if (result.userErrors.some(({ code }) => code === 'VERSION_CONFLICT')) {
    await load();
    return [{ message: 'This was changed elsewhere meanwhile. Close this to see it as it is now.' }];
  }
  if (result.userErrors.length > 0) return result.userErrors;
  show(result.customer);
  say(done);
  // What was pressed may be gone: once the dialog is closed, the keyboard goes on from its section.
  setTimeout(() => at(heading).focus());
  return [];
}

/** A button that changes something at once, or after what `question` asks. */
function action(text, what, doing, question) {
  const button = element('button', { type: 'button', textContent: text, ariaLabel: `${text}: ${what}` });
  button.addEventListener('click', async () => {
    if (question) return ask({ ...question, submit: (values) => apply(doing(values)) });
    button.disabled = true;
    try {
      const [problem] = await apply(doing());
      if (problem) say(problem.message, true);
    } catch (error) {
      say(error.message, true);
    }
    button.disabled = false;
  });
  return button;
}

function entry({ title, lines, isDefault, notice }, makeDefault, ...others) {
  const heading = element('h3', {}, title);
  if (isDefault) heading.append(' ', element('span', { className: 'badge' }, 'Default'));
  if (notice) heading.append(' ', element('span', { className: 'badge warning' }, notice));
  const text = lines.filter(Boolean).join(', ');
  const buttons = element('div', {}, !isDefault && makeDefault, ...others);
  return element('li', {}, heading, text && element('p', {}, text), buttons);
}

function addressEntry(address) {
  const { id, label, line1, line2, city, state, postalCode, country, isDefault } = address;
  const title = label ?? 'Address';
  const { version: expectedVersion } = customer;
  const heading = 'addresses-heading';
  return entry(
    { title, lines: [line1, line2, city, state, postalCode, country], isDefault },
    action('Make default', title, () => ({
      mutation: 'setDefaultAddress',
      input: { id },
      done: `${title} is the default.`,
      heading,
    })),
    action(
      'Edit',
      title,
      (values) => ({
        mutation: 'updateAddress',
        input: { id, ...values, expectedVersion },
        done: `${values.label} is saved.`,
        heading,
      }),
      { title: 'Edit the address', fields: ADDRESS, values: address, button: 'Save the address' },
    ),
    action(
      'Remove',
      title,
      () => ({ mutation: 'removeAddress', input: { id }, done: `${title} is removed.`, heading }),
      { title: `Remove ${title}?`, button: 'Remove' },
    ),
  );
}

function methodEntry(method) {
  const { id, label, isDefault, unusableReason } = method;
  const [name, ...rest] = factsOf(method);
  const title = label ?? name;
  const heading = 'methods-heading';
  return entry(
    { title, lines: label ? [name, ...rest] : rest, isDefault, notice: REASONS[unusableReason] },
    action('Make default', title, () => ({
      mutation: 'setDefaultPaymentMethod',
      input: { id },
      done: `${title} is the default.`,
      heading,
    })),
    action(
      'Unlink',
      title,
      () => ({ mutation: 'unlinkPaymentMethod', input: { id }, done: `${title} is unlinked.`, heading }),
      { title: `Unlink ${title}?`, text: 'This cannot be undone.', button: 'Unlink' },
    ),
  );
}

function show(now) {
  customer = now;
  const { name, email, phone, addresses } = customer;
  const { nodes } = customer.paymentMethods;
  at('name').textContent = name;
  at('email').textContent = email ?? '—';
  at('phone').textContent = phone ?? '—';
  at('addresses').replaceChildren(...addresses.map(addressEntry));
  at('methods').replaceChildren(...nodes.map(methodEntry));
  at('no-addresses').hidden = addresses.length > 0;
  at('no-methods').hidden = nodes.length > 0;
  at('no-default').hidden = nodes.length === 0 || nodes.some(({ isDefault }) => isDefault);
  at('profile').hidden = false;
}

at('edit-details').addEventListener('click', () => {
  const { id, version: expectedVersion } = customer;
  ask({
    title: 'Edit my details',
    fields: DETAILS,
    values: customer,
    button: 'Save my details',
    submit: (values) =>
      apply({
        mutation: 'updateCustomer',
        input: { id, ...values, expectedVersion },
        done: 'Your details are saved.',
        heading: 'details-heading',
      }),
  });
});

at('add-address').addEventListener('click', () =>
  ask({
    title: 'Add an address',
    fields: ADDRESS,
    button: 'Add the address',
    submit: ({ label, ...rest }) =>
      apply({
        mutation: 'addAddress',
        input: { customerId: customer.id, address: { label: label ?? '', ...rest } },
        done: 'The address is added.',
        heading: 'addresses-heading',
      }),
  }),
);

at('link-method').addEventListener('click', () =>
  ask({
    title: 'Add a payment method',
    text: 'Here stands your tokenization provider’s own form. Until then, paste a token that it has made.',
    fields: METHOD,
    button: 'Add it',
    submit: ({ token, label }) =>
      apply({
        mutation: 'linkPaymentMethod',
        input: { customerId: customer.id, token: token ?? '', label, ifDuplicate: 'REFUSE' },
        done: 'The payment method is added.',
        heading: 'methods-heading',
      }),
  }),
);

async function load() {
  say('Loading…');
  try {
    const { me } = await read(`{ me { ...Profile } } ${PROFILE}`);
    show(me);
    say('');
  } catch (error) {
    say(error.message, true);
  }
}

at('again').addEventListener('click', load);
// A page that could not be loaded loads itself when there is a connection again.
addEventListener('online', () => customer ?? load());
load();
