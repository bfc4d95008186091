import { fail, type Path, type Problem, type Result, succeed } from './result.js';
import { accept, type Checked, checkText, refuse, type TextRules } from './text.js';

/** A value of an input: left out, cleared, or given. */
export type Given<Value> = Value | null | undefined;

/** Checks one string; blank text comes back as `''`. */
export type TextCheck = (text: string) => Checked<string>;

/** Reads an input field by field and collects everything that is wrong with it. */
export class InputReader {
  readonly #problems: Problem[] = [];

  /** A string that must be there: blank, null and left out are `REQUIRED`. */
  required(field: Path, value: Given<string>, check: TextCheck): string {
    const text = this.optional(field, value, check);
    if (text === null && !this.#problems.some((problem) => problem.field === field)) {
      this.report({ code: 'REQUIRED', field });
    }
    return text ?? '';
  }

  /** A string that may be blank, null or left out, which are all null. */
  optional(field: Path, value: Given<string>, check: TextCheck): string | null {
    if (value === null || value === undefined) return null;
    return this.take(field, check(value)) || null;
  }

  /** A checked value; undefined, and its problem reported, when it is not good. */
  take<Value>(field: Path, checked: Checked<Value>): Value | undefined {
    if (checked.ok) return checked.value;
    this.report({ ...checked.problem, field });
    return undefined;
  }

  report(problem: Problem): void {
    this.#problems.push(problem);
  }

  /** The value that was read, or every problem that was found on the way. */
  result<Value>(value: Value): Result<Value> {
    return this.#problems.length > 0 ? fail(...this.#problems) : succeed(value);
  }
}

/** Plain text of at most `maxLength` code points. */
export function textOf(maxLength: number, kind?: TextRules['kind']): TextCheck {
  return (text) => checkText(text, kind === undefined ? { maxLength } : { maxLength, kind });
}

/** Text in a form: what passes the text rules and then fails `toValue` is `INVALID`, with what `toMessage` says. */
export function formOf(
  maxLength: number,
  toMessage: (text: string) => string,
  toValue: (text: string) => string | null,
): TextCheck {
  return (text) => {
    const checked = checkText(text, { maxLength });
    if (!checked.ok || checked.value === '') return checked;
    const value = toValue(checked.value);
    return value === null ? refuse('INVALID', toMessage(checked.value)) : accept(value);
  };
}
