import { pino } from 'pino'

export type Log = {
  debug(fields: Record<string, unknown>, message: string): void
  info(fields: Record<string, unknown>, message: string): void
  warn(fields: Record<string, unknown>, message: string): void
  error(fields: Record<string, unknown>, message: string): void
  child(fields: Record<string, unknown>): Log
}

/** Keys whose values must never reach a log line, wherever a careless object carries them. */
const SECRET = [
  'password',
  'secret',
  'token',
  'cpr',
  'name',
  'givenName',
  'familyName',
  'email',
  'cookie',
  'authorization',
]

/**
 * Structured log, one JSON object a line. Ids only, never names; an `error` line means that someone must act.
 */
export function createLog(level: string, destination?: { write(line: string): void }): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRET.flatMap(key => [key, `*.${key}`, `*.*.${key}`]), censor: '[removed]' },
  }
  return destination ? pino(options, destination) : pino(options)
}

export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLog,
}
