/** How large one answer may become. */
export interface AnswerLimits {
  /** Objects in its lists. */
  readonly objects: number;
  /** Of its JSON text. */
  readonly bytes: number;
}

/** An answer with more errors than this tells nobody anything, and making them takes longer than making values. */
const MOST_ERRORS = 1_000;

/** A text up to this length is made in less than a millisecond. */
const SMALL = { text: 65_536, objects: 200 };

/** How large the answer to one request has become so far. Once it is too large nothing more is put into its lists. */
export class AnswerSize {
  readonly #limits: AnswerLimits;
  #objects = 0;
  #text = 0;
  #errors = 0;
  #excess: string | null = null;

  constructor(limits: AnswerLimits) {
    this.#limits = limits;
  }

  /** What there would be too much of, for the client to read; null while it is not too large. */
  get excess(): string | null {
    return this.#excess;
  }

  get isSmall(): boolean {
    return this.#text <= SMALL.text && this.#objects <= SMALL.objects;
  }

  addObject(): void {
    this.#objects += 1;
    if (this.#objects > this.#limits.objects) this.#excess ??= `${this.#limits.objects} objects`;
  }

  addError(): void {
    this.#errors += 1;
    if (this.#errors > MOST_ERRORS) this.#excess ??= `${MOST_ERRORS} errors`;
  }

  /** Counts a value of this length, in UTF-16 units: its bytes are at least as many. */
  addText(length: number): void {
    this.#text += length;
    if (this.#text > this.#limits.bytes) this.checkBytes(this.#text);
  }

  /** @param bytes of the whole answer, or of as much as is known of it. */
  checkBytes(bytes: number): boolean {
    if (bytes > this.#limits.bytes) this.#excess ??= `${this.#limits.bytes} bytes`;
    return bytes <= this.#limits.bytes;
  }
}
