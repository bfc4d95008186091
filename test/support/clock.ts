/** A clock that stands still until the test moves it. */
export class Clock {
  #time: number;

  constructor(time: string) {
    this.#time = Date.parse(time);
  }

  /** To hand to `startVault`. */
  readonly now = (): Date => new Date(this.#time);

  moveTo(time: string): void {
    this.#time = Date.parse(time);
  }
}

/** A clock on which no two moments are the same, so that whatever was changed later also says so. */
export function tickingClock(): () => Date {
  let time = Date.parse('2030-01-01T00:00:00.000Z');
  return () => {
    time += 1;
    return new Date(time);
  };
}
