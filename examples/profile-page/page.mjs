import { ask } from './vault.mjs';

const PROFILE = `fragment Profile on Customer {
  id name
  addresses { id label line1 line2 city state postalCode country isDefault }
  paymentMethods(first: 50) {
    nodes {
      id label isDefault unusableReason
      card { brand lastFour expiry { month year } }
      ach { bankAccountType lastFour }
    }
  }
}`;
const REASONS = { CARD_EXPIRED: 'Expired', ACH_NOT_VERIFIED: 'Not verified yet' };
const at = (id) => document.getElementById(id);
const form = at('add-address');
let customerId;

const element = (tag, properties, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

const words = (constant) => constant.toLowerCase().replaceAll('_', ' ');

function describe({ card, ach }) {
  if (!card) return `${words(ach.bankAccountType)} account ending in ${ach.lastFour}`;
  const { month, year } = card.expiry;
  return `${words(card.brand)} ending in ${card.lastFour}, good to ${String(month).padStart(2, '0')}/${year}`;
}

function say(text, isError = false) {
  at('status').textContent = isError ? '' : text;
  at('error').hidden = !isError;
  at('error-text').textContent = isError ? text : '';
}

/** Sends one mutation and shows the customer that it answers with; gives the problems with what was sent. */
async function change(mutation, inputType, input) {
  const query = `mutation ($input: ${inputType}!) {
    result: ${mutation}(input: $input) { customer { ...Profile } userErrors { field message } }
  } ${PROFILE}`;
  const { result } = await ask(query, { input });
  if (result.userErrors.length === 0) show(result.customer);
  return result.userErrors;
}

/** A button that changes one thing, for as long as it does so not to be pressed again. */
function action(text, what, { heading, question, done, mutation, input }) {
  const button = element('button', { type: 'button', textContent: text, ariaLabel: `${text}: ${what}` });
  button.addEventListener('click', async () => {
    if (question && !confirm(question)) return;
    button.disabled = true;
    try {
      const inputType = `${mutation[0].toUpperCase()}${mutation.slice(1)}Input`;
      const [problem] = await change(mutation, inputType, input);
      say(problem?.message ?? done, Boolean(problem));
      // The button may be gone: the keyboard goes on from its section.
      if (!problem) at(heading).focus();
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
  const buttons = isDefault ? others : [makeDefault, ...others];
  const text = element('p', {}, lines.filter(Boolean).join(', '));
  return element('li', {}, heading, text, element('div', { className: 'buttons' }, ...buttons));
}

function addressEntry(address) {
  const { id, label, line1, line2, city, state, postalCode, country, isDefault } = address;
  const title = label ?? 'Address';
  const common = { heading: 'addresses-heading', input: { id } };
  const lines = [line1, line2, city, state, postalCode, country];
  return entry(
    { title, lines, isDefault },
    action('Make default', title, {
      ...common,
      mutation: 'setDefaultAddress',
      done: `${title} is the default.`,
    }),
    action('Remove', title, {
      ...common,
      question: `Remove ${title}?`,
      mutation: 'removeAddress',
      done: `${title} is removed.`,
    }),
  );
}

function methodEntry(method) {
  const { id, label, isDefault, unusableReason } = method;
  const details = describe(method);
  const title = label ?? details;
  const common = { heading: 'methods-heading', input: { id } };
  return entry(
    { title, lines: label ? [details] : [], isDefault, notice: REASONS[unusableReason] },
    action('Make default', title, {
      ...common,
      mutation: 'setDefaultPaymentMethod',
      done: `${title} is the default.`,
    }),
    action('Unlink', title, {
      ...common,
      question: `Unlink ${title}? This cannot be undone.`,
      mutation: 'unlinkPaymentMethod',
      done: `${title} is unlinked.`,
    }),
  );
}

function show({ id, name, addresses, paymentMethods: { nodes } }) {
  customerId = id;
  at('name').textContent = name;
  at('addresses').replaceChildren(...addresses.map(addressEntry));
  at('methods').replaceChildren(...nodes.map(methodEntry));
  at('no-addresses').hidden = addresses.length > 0;
  at('no-methods').hidden = nodes.length > 0;
  at('no-default').hidden = nodes.length === 0 || nodes.some(({ isDefault }) => isDefault);
  at('profile').hidden = false;
}

/** Puts each problem at its field; what belongs to none is told above the page. */
function showProblems(problems) {
  for (const input of form.querySelectorAll('input')) {
    const problem = problems.find(({ field }) => field?.at(-1) === input.name);
    input.ariaInvalid = String(Boolean(problem));
    at(`${input.id}-error`).textContent = problem?.message ?? '';
  }
  const other = problems.find(({ field }) => !form.elements.namedItem(field?.at(-1) ?? ''));
  say(other?.message ?? '', Boolean(other));
  form.querySelector('[aria-invalid=true]')?.focus();
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const given = [...new FormData(form)].filter(([name, value]) => name === 'label' || value.trim() !== '');
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    const input = { customerId, address: Object.fromEntries(given) };
    const problems = await change('addAddress', 'AddAddressInput', input);
    showProblems(problems);
    if (problems.length === 0) {
      form.reset();
      say('The address is added.');
    }
  } catch (error) {
    say(error.message, true);
  }
  button.disabled = false;
});

async function load() {
  say('Loading…');
  try {
    const { me } = await ask(`{ me { ...Profile } } ${PROFILE}`);
    show(me);
    say('');
  } catch (error) {
    say(error.message, true);
  }
}

at('again').addEventListener('click', load);
load();
