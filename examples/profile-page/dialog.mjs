const at = (id) => document.getElementById(id);

/** Makes an element; a child that is nothing is left out. */
export function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter(Boolean));
  return made;
}

function fieldOf([name, label, autocomplete], value) {
  const id = `field-${name}`;
  const input = element('input', { id, name, autocomplete, value: value ?? '' });
  input.setAttribute('aria-describedby', `${id}-problem`);
  const problem = element('p', { id: `${id}-problem`, className: 'problem' });
  return element('div', {}, element('label', { htmlFor: id, textContent: label }), input, problem);
}

/** Puts each problem at its field, and what belongs to none above the buttons. */
function showProblems(form, problems) {
  const inputs = [...form.querySelectorAll('input')];
  const isAt = (input) => (problem) => problem.field?.includes(input.name);
  for (const input of inputs) {
    const problem = problems.find(isAt(input));
    input.ariaInvalid = String(Boolean(problem));
    at(`${input.id}-problem`).textContent = problem?.message ?? '';
  }
  const others = problems.filter((problem) => !inputs.some((input) => isAt(input)(problem)));
  at('dialog-problem').textContent = others.map(({ message }) => message).join(' ');
  form.querySelector('[aria-invalid=true]')?.focus();
}

/**
 * Asks for something in a dialog and stays open until it is done; what was typed is never lost.
 *
 * @param fields name, label and autocomplete of each
 * @param submit does it with the values, trimmed and null where empty; gives the problems, or throws with a message
 */
export function ask({ title, text = '', fields = [], values = {}, button, submit }) {
  const [dialog, form, send] = [at('dialog'), at('dialog-form'), at('dialog-submit')];
  at('dialog-title').textContent = title;
  at('dialog-text').textContent = text;
  at('dialog-problem').textContent = '';
  at('dialog-fields').replaceChildren(...fields.map((field) => fieldOf(field, values[field[0]])));
  send.textContent = button;
  at('dialog-cancel').onclick = () => dialog.close();
  form.onsubmit = async (event) => {
    event.preventDefault();
    const given = [...new FormData(form)].map(([name, value]) => [name, value.trim() || null]);
    send.disabled = true;
    try {
      const problems = await submit(Object.fromEntries(given));
      if (problems.length === 0) dialog.close();
      else showProblems(form, problems);
    } catch (error) {
      showProblems(form, [{ message: error.message }]);
    }
    send.disabled = false;
  };
  dialog.showModal();
}
