/** Where the keyboard is, and the section of the page around it. */
export interface Place {
  readonly element: Element | null;
  readonly section: Element | null;
}

export function placeOfKeyboard(): Place {
  const element = document.activeElement;
  return { element, section: element?.closest('section') ?? null };
}

/**
 * Puts the keyboard back when what it was on has gone or been switched off: to a field that was refused, to where it
 * was, or if that is no more, to the heading of its section.
 */
export function returnTo({ element, section }: Place): void {
  if (document.activeElement !== document.body) return;
  const refused = document.querySelector('[aria-invalid="true"]');
  const heading = section?.querySelector('h2');
  const target = [refused, element, heading].find((candidate) => candidate?.isConnected);
  if (target instanceof HTMLElement) target.focus();
}
