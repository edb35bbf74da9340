/**
 * Every problem that the core may throw, by code. The code is the text key on the client; the status and the
 * English title go into the problem details (RFC 9457). Adding a code here makes the client fail to compile
 * until both languages have a text for it.
 */
export const PROBLEMS = {
  'not-signed-in': { status: 401, title: 'Sign in first' },
  'sign-in-failed': { status: 401, title: 'User name or password is wrong' },
  'account-locked': { status: 423, title: 'Too many failed attempts; try again later' },
  'second-factor-needed': { status: 401, title: 'A second factor is needed' },
  'confirm-needed': { status: 403, title: 'Show again who you are before this is changed' },
  'second-factor-wrong': { status: 401, title: 'The code is wrong or used' },
  'link-invalid': { status: 410, title: 'The link has been used or has expired' },
  'password-weak': { status: 422, title: 'The password is too short or too common' },
  'csrf-failed': { status: 403, title: 'The request did not come from this application' },
  'not-allowed': { status: 403, title: 'You may not do this' },
  'not-found': { status: 404, title: 'There is nothing here that you may see' },
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'unsupported-media-type': { status: 415, title: 'Send JSON' },
  'payload-too-large': { status: 413, title: 'The request is too large' },
  'too-many-requests': { status: 429, title: 'Too many requests; wait a little' },
  conflict: { status: 409, title: 'Somebody changed this in the meantime' },
  'run-in-progress': { status: 409, title: 'This source is being read already' },
  'plan-stale': { status: 409, title: 'The plan no longer fits the data; make a new one' },
  'second-person-needed': { status: 409, title: 'Another person than the author must approve this' },
  'merge-refused': { status: 409, title: 'These two cannot be merged' },
  'held-back': { status: 409, title: 'A guard holds this back' },
  'reason-needed': { status: 422, title: 'Give a reason' },
  'source-invalid': { status: 422, title: 'The source is not declared correctly' },
  'source-exists': { status: 409, title: 'There is a source with this key already' },
  'source-read-only': { status: 409, title: 'The sources file declares this source' },
  'secret-unconfirmed': { status: 409, title: 'Confirm that this secret may be sent there' },
  'source-unreachable': { status: 502, title: 'The source does not answer' },
  'source-incomplete': { status: 502, title: 'The source stopped before everything was read' },
  'source-state-lost': { status: 409, title: 'Reading changes cannot go on; everything is read again' },
  'rules-invalid': { status: 422, title: 'The rules are not valid' },
  'entitlement-invalid': { status: 422, title: 'The entitlement is not complete' },
  'entitlement-in-use': { status: 409, title: 'The entitlement is held, or a rule or role names it' },
  'mapping-invalid': { status: 422, title: 'The mapping is not valid' },
  'data-invalid': { status: 422, title: 'The data are not valid' },
  'key-missing': { status: 500, title: 'The encryption key is not the one that the data were written with' },
  'config-invalid': { status: 500, title: 'The settings are not valid' },
  'program-outdated': { status: 503, title: 'A newer version of the program has taken over' },
  'database-unavailable': { status: 503, title: 'The database does not answer' },
  'not-ready': { status: 503, title: 'Setting up; try again in a moment' },
  unexpected: { status: 500, title: 'Something went wrong on our side' },
} as const

export type ProblemCode = keyof typeof PROBLEMS
