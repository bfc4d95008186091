import {
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
} from 'graphql';

/** A JSON value, written into a document in one form or another. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
type JsonObject = { readonly [name: string]: Json };

/** How one value is handed to an argument: what is declared, what is written there, and what is sent along. */
export interface Written {
  readonly definitions: readonly string[];
  readonly value: string;
  readonly variables: JsonObject;
}

/**
 * Writes an input object in one form. What is `fresh` differs from call to call and is a variable in every form, so that
 * the document's text stays the same.
 */
export type Form = (type: GraphQLInputObjectType, input: JsonObject, fresh: ReadonlySet<string>) => Written;

/** Names that every JavaScript object has by nature, and some that look like something else. */
const HAZARDOUS = [
  'toString',
  'constructor',
  '__proto__',
  'valueOf',
  'hasOwnProperty',
  'input',
  'length',
  'then',
];

/** Gives variables their names, each one once. */
class Names {
  readonly #pick: (path: string) => string;
  readonly #given = new Set<string>();

  constructor(pick: (path: string) => string = (path) => path) {
    this.#pick = pick;
  }

  next(path: string): string {
    let name = this.#pick(path);
    for (let more = 1; this.#given.has(name); more += 1) name = `${this.#pick(path)}_${more}`;
    this.#given.add(name);
    return name;
  }
}

const nothing: Written = { definitions: [], value: '', variables: {} };

/** A variable with its value; where `fallback` is given, that is its default and nothing is sent. */
function variable(name: string, type: string, value: Json | undefined, fallback?: string): Written {
  const definition = `$${name}: ${type}${fallback === undefined ? '' : ` = ${fallback}`}`;
  const isSent = value !== undefined && fallback === undefined;
  return { definitions: [definition], value: `$${name}`, variables: isSent ? { [name]: value } : {} };
}

/** A value as a literal; of an enum as its word where the type says so. */
export function literal(type: GraphQLInputType | null, value: Json): string {
  const plain = type && getNullableType(type);
  if (value === null) return 'null';
  if (Array.isArray(value)) {
    const item = plain && isListType(plain) ? plain.ofType : null;
    return `[${value.map((each) => literal(item, each)).join(', ')}]`;
  }
  if (typeof value === 'object') {
    const members = Object.entries(value as JsonObject).map(([name, each]) => {
      const field = plain && isInputObjectType(plain) ? plain.getFields()[name] : undefined;
      return `${name}: ${literal(field?.type ?? null, each)}`;
    });
    return `{ ${members.join(', ')} }`;
  }
  return plain && isEnumType(plain) ? String(value) : JSON.stringify(value);
}

function together(parts: readonly (readonly [string, Written])[]): Written {
  return {
    definitions: parts.flatMap(([, { definitions }]) => definitions),
    value: `{ ${parts.map(([name, { value }]) => `${name}: ${value}`).join(', ')} }`,
    variables: Object.fromEntries(parts.flatMap(([, { variables }]) => Object.entries(variables))),
  };
}

/** The type of a variable for a field: one with a default may be left out, and so may its variable. */
function typeOf({ type, defaultValue }: GraphQLInputField): string {
  return defaultValue === undefined ? String(type) : String(getNullableType(type));
}

function byField(
  write: (field: GraphQLInputField, value: Json | undefined, names: Names) => Written | null,
  names: () => Names,
): Form {
  return (type, input, fresh) => {
    const given = names();
    const parts = Object.values(type.getFields()).flatMap((field): [string, Written][] => {
      const value = input[field.name];
      const written =
        fresh.has(field.name) && value !== undefined
          ? variable(given.next(field.name), String(field.type), value)
          : write(field, value, given);
      return written ? [[field.name, written]] : [];
    });
    return together(parts);
  };
}

/** A variable for each leaf, however deep in lists and objects it stands. */
function leaves(type: GraphQLInputType | null, value: Json, path: string, names: Names): Written {
  const plain = type && getNullableType(type);
  if (Array.isArray(value) && plain && isListType(plain)) {
    const items = value.map((each, at) => leaves(plain.ofType, each, `${path}_${at}`, names));
    const { definitions, variables } = together(items.map((item, at) => [`${at}`, item]));
    return { definitions, variables, value: `[${items.map((item) => item.value).join(', ')}]` };
  }
  const isOpen = plain && (isInputObjectType(plain) || String(plain) === 'Metadata');
  if (!isOpen || typeof value !== 'object' || value === null)
    return variable(names.next(path), String(type), value);
  const fields = isInputObjectType(plain) ? plain.getFields() : {};
  // Below metadata every value is a text; below an input object what is left out stands there as a variable, too.
  const members = isInputObjectType(plain) ? Object.keys(fields) : [...Object.keys(value), 'leftOut'];
  return together(
    members.map((name) => {
      const field = fields[name];
      const below = (value as JsonObject)[name];
      const at = `${path}_${name}`;
      if (below !== undefined) return [name, leaves(field ? field.type : stringType, below, at, names)];
      return [name, variable(names.next(at), field ? typeOf(field) : 'String', undefined)];
    }),
  );
}

/** Stands for the type of a value of metadata. */
const stringType = { name: 'String', toString: () => 'String' } as unknown as GraphQLInputType;

const plainNames = () => new Names();

/** Every form, by what it is. All of them say the same. */
export const forms: Readonly<Record<string, Form>> = {
  'as one variable': (type, input) => variable('input', `${type.name}!`, input),
  'as literals': byField(
    ({ type }, value) => (value === undefined ? null : { ...nothing, value: literal(type, value) }),
    plainNames,
  ),
  'as many variables': byField(
    ({ name, type }, value, names) =>
      value === undefined ? null : variable(names.next(name), String(type), value),
    plainNames,
  ),
  'as many variables, some left out': byField(
    (field, value, names) => variable(names.next(field.name), typeOf(field), value),
    plainNames,
  ),
  'as variables named like properties of objects': byField(
    (field, value, names) => variable(names.next(field.name), typeOf(field), value),
    () => {
      let at = 0;
      return new Names(() => HAZARDOUS[at++] ?? `v${at}`);
    },
  ),
  'as defaults of variables': byField(
    (field, value, names) =>
      variable(
        names.next(field.name),
        value === null ? String(getNullableType(field.type)) : typeOf(field),
        value,
        value === undefined ? undefined : literal(field.type, value),
      ),
    plainNames,
  ),
  'as a variable for each leaf': byField(
    (field, value, names) =>
      value === undefined
        ? variable(names.next(field.name), typeOf(field), undefined)
        : leaves(field.type, value, field.name, names),
    plainNames,
  ),
};
