import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import { errorFacts } from './shared/error-facts.js';

// Asynchronous and many at once: writing a line takes longer than making it. What is left is written at the end.
const LINES = { dest: 1, sync: false, minLength: 4_096, periodicFlush: 100 };

/** The server's log: lines of JSON that say of an error only what `errorFacts` lets through. */
export function createLog(level: string, destination: DestinationStream): Logger {
  return pino({ level, base: null, serializers: { err: errorFacts } }, destination);
}

/** Standard output as the log has it: lines that a person can read in a terminal outside production, else JSON. */
export function logLines({ isTTY, production }: { isTTY: boolean; production: boolean }): DestinationStream {
  if (!isTTY || production) return pino.destination(LINES);
  return pretty({ destination: 1, sync: true, translateTime: 'SYS:HH:MM:ss', singleLine: true });
}
