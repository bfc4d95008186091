import { yielding } from '../../shared/event-loop-yielding.js';

/** So many UTF-16 units are encoded at a time. */
const PIECE = 65_536;

/**
 * The JSON text of what is made of JSON's own values, as `JSON.stringify` makes it, and a line end, in UTF-8. Gives the
 * event loop back between the items of the first list on each way down; the items themselves are written at once.
 *
 * Pieces are encoded as they are written: a string of megabytes would be copied at every level, and encoded at once.
 *
 * @param sharer whose turns of the event loop it takes.
 */
export async function jsonBytes(value: unknown, sharer: string): Promise<Buffer> {
  const writer = new JsonWriter(sharer);
  await writer.write(value);
  return writer.end();
}

class JsonWriter {
  readonly #sharer: string;
  readonly #pieces: Buffer[] = [];
  #text = '';

  constructor(sharer: string) {
    this.#sharer = sharer;
  }

  async write(value: unknown): Promise<void> {
    if (typeof value !== 'object' || value === null) return this.#add(JSON.stringify(value));
    if (Array.isArray(value)) return this.#writeList(value);
    let separator = '{';
    for (const [name, part] of Object.entries(value)) {
      if (part === undefined) continue;
      this.#add(`${separator}${JSON.stringify(name)}:`);
      await this.write(part);
      separator = ',';
    }
    this.#add(separator === '{' ? '{}' : '}');
  }

  end(): Buffer {
    this.#pieces.push(Buffer.from(`${this.#text}\n`));
    return Buffer.concat(this.#pieces);
  }

  async #writeList(items: readonly unknown[]): Promise<void> {
    this.#add('[');
    // The only item is as large as the list.
    if (items.length === 1) await this.write(items[0]);
    else {
      for (const [index, item] of items.entries()) {
        if (yielding.isDue) await yielding.later(this.#sharer, null);
        this.#add(`${index === 0 ? '' : ','}${JSON.stringify(item)}`);
      }
    }
    this.#add(']');
  }

  #add(text: string): void {
    this.#text += text;
    if (this.#text.length < PIECE) return;
    this.#pieces.push(Buffer.from(this.#text));
    this.#text = '';
  }
}
