/** A field of a selection, with fragments spread, directives applied and variables filled in. */
export interface SelectedField {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Fields by alias, by the name of the type they were selected on. */
  readonly fieldsByTypeName: Readonly<Record<string, Readonly<Record<string, SelectedField>>>>;
}

/** The fields that stand right below a field, whatever the types they are selected on. */
export function fieldsBelow({ fieldsByTypeName }: SelectedField): SelectedField[] {
  return Object.values(fieldsByTypeName).flatMap((byAlias) => Object.values(byAlias));
}

/** The fields that stand at a path below a field, whatever their aliases. */
export function fieldsAt(field: SelectedField, path: readonly string[]): SelectedField[] {
  return path.reduce<SelectedField[]>(
    (fields, name) => fields.flatMap((each) => fieldsBelow(each).filter((below) => below.name === name)),
    [field],
  );
}
