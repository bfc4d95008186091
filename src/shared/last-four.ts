/** Whether a text is the last four digits of a card's or an account's number. */
export function isLastFour(text: string): boolean {
  return /^[0-9]{4}$/.test(text);
}
