import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';

/** What went wrong with a request, for a person. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** By which the operator of the server finds the request in its log; null when it did not get there. */
  readonly requestId: string | null;
}

interface GraphQLBody {
  readonly errors?: readonly { message: string; extensions?: { code?: unknown } }[];
  readonly extensions?: { requestId?: unknown };
}

/** Makes sense of whatever Apollo Client throws. */
export function toFailure(error: unknown): Failure {
  if (CombinedGraphQLErrors.is(error)) return fromBody(error);
  if (ServerError.is(error)) {
    try {
      return fromBody(JSON.parse(error.bodyText));
    } catch {
      return {
        code: 'HTTP',
        message: `The server answered with status ${error.statusCode}.`,
        requestId: null,
      };
    }
  }
  return { code: 'NETWORK', message: 'The server cannot be reached.', requestId: null };
}

function fromBody({ errors, extensions }: GraphQLBody): Failure {
  const [first] = errors ?? [];
  const requestId = extensions?.requestId;
  return {
    code: String(first?.extensions?.code ?? 'INTERNAL_SERVER_ERROR'),
    message: first?.message ?? 'The server gave no answer.',
    requestId: typeof requestId === 'string' ? requestId : null,
  };
}
