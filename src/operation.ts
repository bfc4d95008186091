import type { Logger } from 'pino';
import type { Caller } from './access/authorise.js';
import type { Queries } from './db/queries.js';
import type { TokenizationProvider } from './providers/provider.js';
import type { IdGenerator, PaymentToken } from './shared/id.js';

/** What a use case may use. One is made for each request. */
export interface Operation extends Caller {
  /** Made here; the answer and the log carry it. */
  readonly requestId: string;
  readonly db: Queries;
  /** Has this server look keys up anew, and their sessions; after their change is committed. */
  readonly forgetKeys: (keyIds: Iterable<string>) => void;
  readonly provider: TokenizationProvider;
  readonly now: () => Date;
  readonly ids: IdGenerator;
  /** A new random UUID. */
  readonly newToken: () => PaymentToken;
  /** The server's; what is logged of a request names `requestId`. */
  readonly log: Logger;
}
