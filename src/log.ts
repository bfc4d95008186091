import { type DestinationStream, type Logger, pino } from 'pino';
import { errorFacts } from './shared/error-facts.js';

/** The server's log: lines of JSON that say of an error only what `errorFacts` lets through. */
export function createLog(level: string, destination: DestinationStream): Logger {
  return pino({ level, base: null, serializers: { err: errorFacts } }, destination);
}
