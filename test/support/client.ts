/** A problem as the API gives it. */
export interface UserError {
  readonly code: string;
  readonly field: string[] | null;
  readonly message: string;
}

interface GraphQLAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: { message: string; path?: (string | number)[]; extensions: { code: string } }[];
  readonly extensions: { readonly requestId: string };
}

/** An answer of the server, which explains itself when it is not what a test expects. */
export class Answer<Data> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: GraphQLAnswer<Data>;
  readonly #operation: string;

  constructor(operation: string, response: Response, body: GraphQLAnswer<Data>) {
    this.#operation = operation;
    this.status = response.status;
    this.headers = response.headers;
    this.body = body;
  }

  /** The data of an answer without errors. */
  expectData(): Data {
    if (this.status === 200 && this.body.data && !this.body.errors) return this.body.data;
    return this.#fail('data without errors');
  }

  /** The errors of an answer that has some, as code and path. */
  expectErrors(): { code: string; path?: (string | number)[] }[] {
    if (!this.body.errors) return this.#fail('errors');
    return this.body.errors.map(({ path, extensions }) => ({ code: extensions.code, ...(path && { path }) }));
  }

  /** The problems in the payload of the only mutation, as code and path. */
  expectUserErrors(): { code: string; field: string[] | null }[] {
    const [payload] = Object.values(this.expectData() as Record<string, { userErrors: UserError[] }>);
    if (!payload || payload.userErrors.length === 0) return this.#fail('userErrors');
    return payload.userErrors.map(({ code, field }) => ({ code, field }));
  }

  #fail(expected: string): never {
    const answer = JSON.stringify(this.body, null, 2);
    throw new Error(`Expected ${expected}.\n${this.#operation}\nStatus ${this.status}: ${answer}`);
  }
}

/** Sends operations as one caller. */
export class Client {
  readonly url: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(url: string, headers: Readonly<Record<string, string>>) {
    this.url = url;
    this.#headers = headers;
  }

  // biome-ignore lint/suspicious/noExplicitAny: a test looks into the answer of its own document.
  async execute<Data = any>(query: string, variables: object = {}): Promise<Answer<Data>> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.#headers },
      body: JSON.stringify({ query, variables }),
    });
    return new Answer<Data>(query, response, (await response.json()) as GraphQLAnswer<Data>);
  }
}
