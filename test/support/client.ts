import { Kind, OperationTypeNode, parse } from 'graphql';

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
  readonly #text: string;

  constructor(operation: string, response: Response, text: string) {
    this.#operation = operation;
    this.#text = text;
    this.status = response.status;
    this.headers = response.headers;
    this.body = JSON.parse(text) as GraphQLAnswer<Data>;
  }

  /** Fails unless another answer to the same operation is the same to the byte but for its request id. */
  expectSame(other: Answer<unknown>): void {
    if (this.status === other.status && this.#withoutRequestId() === other.#withoutRequestId()) return;
    this.#fail(
      `the same as at another use of the document, which was status ${other.status}: ${other.#text}`,
    );
  }

  #withoutRequestId(): string {
    return this.#text.replace(this.body.extensions.requestId, '');
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

const TIMES = 5;

/** A document that every caller may send, for when the caller has sent no other yet. */
const SOMETHING_ELSE: Sent = { query: '{ __typename }', variables: {} };

interface Sent {
  readonly query: string;
  readonly variables: object;
  readonly operationName?: string | undefined;
}

/** Sends operations as one caller. */
export class Client {
  readonly url: string;
  readonly #headers: Readonly<Record<string, string>>;
  #before = SOMETHING_ELSE;

  constructor(url: string, headers: Readonly<Record<string, string>>) {
    this.url = url;
    this.#headers = headers;
  }

  /**
   * Sends a mutation once. Sends a query five times, four of them at once and interleaved with the query before, and
   * fails unless all answers are the same to the byte but for the request ids: nothing that the server remembers of a
   * document may show.
   *
   * @param operationName which operation of the document is meant.
   */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into the answer of its own document.
  async execute<Data = any>(
    query: string,
    variables: object = {},
    operationName?: string,
  ): Promise<Answer<Data>> {
    return hasMutation(query)
      ? this.executeOnce<Data>(query, variables, operationName)
      : this.executeAlike<Data>(query, variables, operationName);
  }

  /** Sends an operation five times, as `execute` does a query: a mutation that is refused, or changes nothing, too. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into the answer of its own document.
  async executeAlike<Data = any>(
    query: string,
    variables: object = {},
    operationName?: string,
  ): Promise<Answer<Data>> {
    const first = await this.executeOnce<Data>(query, variables, operationName);
    const between = this.#before;
    if (!hasMutation(query)) this.#before = { query, variables, operationName };
    const others = await Promise.all(
      Array.from({ length: 2 * (TIMES - 1) }, (_, at) =>
        at % 2 === 0
          ? this.executeOnce(between.query, between.variables, between.operationName)
          : this.executeOnce(query, variables, operationName),
      ),
    );
    for (const other of others.filter((_, at) => at % 2 === 1)) first.expectSame(other);
    return first;
  }

  /** Sends an operation just once: for what is counted, timed or changing, and for what must not be sent again. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into the answer of its own document.
  async executeOnce<Data = any>(
    query: string,
    variables: object = {},
    operationName?: string,
  ): Promise<Answer<Data>> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.#headers },
      body: JSON.stringify({ query, variables, operationName }),
    });
    return new Answer<Data>(query, response, await response.text());
  }
}

/** Whether a document has an operation that may change something; one that cannot be parsed has none. */
function hasMutation(query: string): boolean {
  try {
    return parse(query).definitions.some(
      (definition) =>
        definition.kind === Kind.OPERATION_DEFINITION && definition.operation !== OperationTypeNode.QUERY,
    );
  } catch {
    return false;
  }
}
