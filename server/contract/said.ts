import { z } from 'zod'

/**
 * What may be said about trying or reading a source, and the values that each saying is filled in with. The client has a
 * text for every code in both languages (client/texts/*\/trouble.ts); `detail` beside it is the English sentence for the
 * command line and the log. Where there is a `why` too, its text says what to do, and this one what was met.
 */
export const SAID = {
  // Steps that succeed.
  'name-found': ['host', 'address'],
  'port-answers': ['port'],
  'not-encrypted': [],
  'tls-trusted': [],
  'starttls-trusted': [],
  'signed-in': ['name'],
  'base-there': ['base'],
  'pages-given': ['size'],
  'one-page': ['count'],
  'all-readable': [],
  'some-without-values': ['count'],
  'header-fits': ['file', 'count'],
  'files-readable': ['files'],
  'records-fit': ['count'],
  'folder-ready': ['folder', 'count'],
  // Works, but somebody should know.
  'certificate-expires': ['day'],
  'parts-elsewhere': ['servers'],
  'may-write': ['count'],
  'no-pattern-fits': ['files'],
  // Between here and a directory.
  'host-unknown': ['at'],
  'nobody-listens': ['at'],
  'no-answer': ['at'],
  'connection-closed': ['at'],
  'no-tls': ['at', 'code'],
  'encryption-required': ['at'],
  'too-busy': ['at'],
  'server-refuses': ['at', 'words'],
  'servers-fail': ['servers'],
  'certificate-expired': ['at', 'code'],
  'certificate-not-yet': ['at', 'code'],
  'certificate-other-name': ['at', 'code'],
  'certificate-unknown': ['at', 'code'],
  'sign-in-refused': ['at', 'name'],
  'no-such-user': ['at', 'name'],
  'password-wrong': ['at', 'name'],
  'not-at-this-time': ['at', 'name'],
  'not-from-here': ['at', 'name'],
  'password-expired': ['at', 'name'],
  'account-disabled': ['at', 'name'],
  'account-expired': ['at', 'name'],
  'password-must-change': ['at', 'name'],
  'account-locked': ['at', 'name'],
  'password-empty': [],
  'base-missing': ['base'],
  'base-elsewhere': ['base'],
  'nothing-found': ['filter', 'base'],
  'several-found': ['base'],
  'read-stopped': ['count'],
  'read-refused': ['count', 'words'],
  'changes-stopped': [],
  // Secrets and files that a declaration names.
  'secret-unset': ['name'],
  'secret-unreadable': ['file', 'code'],
  'secret-empty': ['file'],
  'authority-unreadable': ['file', 'code'],
  'host-not-allowed': ['host'],
  'no-folder-set': ['setting'],
  'leads-outside': ['setting'],
  'drops-unset': ['setting'],
  'drops-lead-outside': ['folder', 'setting'],
  'upload-too-large': ['limit'],
  // Files with lists.
  'file-unreadable': ['file', 'code'],
  'file-empty': ['file'],
  'file-not-utf8': ['file'],
  'sheet-old': ['file'],
  'sheet-too-large': ['file', 'limit'],
  'json-not-kitos': ['file'],
  'json-no-package': ['file'],
  'kle-unreadable': ['file'],
  'records-no-headings': ['file'],
  'import-too-many': ['file', 'rows'],
  'sheet-unreadable': ['file'],
  'columns-missing': ['file', 'missing', 'columns'],
  'column-twice': ['file', 'column'],
  'csv-cut-short': ['file'],
  'csv-unreadable': ['file'],
  'ldif-not-utf8': ['file', 'line'],
  'ldif-unreadable': ['file', 'line'],
  'ldif-cut-short': ['file', 'line', 'words'],
  'xml-unreadable': ['file', 'line'],
  'xml-cut-short': ['file'],
  'xml-declares': ['file', 'line'],
  'xml-too-much': ['file', 'line'],
  'xml-encoding': ['file', 'encoding'],
  'xml-other': ['file', 'root', 'expected'],
  'file-not-whole': ['file'],
  'stamp-missing': ['file'],
  'no-records-fit': [],
  // A watched folder.
  'nothing-dropped': ['folder'],
  'nothing-to-read': ['folder', 'patterns'],
  'folder-missing': ['folder', 'code'],
  'folder-no-folder': ['folder', 'code'],
  'folder-forbidden': ['folder', 'code'],
  'folder-full': ['folder', 'code'],
  'folder-several-disks': ['folder', 'code'],
  'folder-unusable': ['folder', 'code'],
  'drop-again': [],
  'drop-older': ['newer'],
  'drop-vanished': [],
  'drop-ended-program': [],
  // The declaration.
  'kind-not-read': ['kind'],
  'not-understood': ['source'],
  'record-not-taken': ['kind'],
  // Accounts and groups that a connector leaves alone.
  'account-protected': [],
  'account-out-of-scope': [],
  'account-of-another': [],
  'group-protected': [],
  'group-out-of-scope': [],
  // The program itself.
  'process-stopped': [],
  'disk-full': [],
  'database-away': [],
  unforeseen: [],
} as const satisfies Record<string, readonly string[]>

export type SaidCode = keyof typeof SAID
export type SaidValues<C extends SaidCode> = Record<(typeof SAID)[C][number], string | number>

export const said = z.object({
  code: z.enum(Object.keys(SAID) as [SaidCode, ...SaidCode[]]),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type Said = z.output<typeof said>

/** A saying with just the values that its texts take: another one, or one too few, does not compile. */
export const say = <C extends SaidCode>(code: C, params: SaidValues<C>): Said => ({ code, params })
