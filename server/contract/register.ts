import { z } from 'zod'

/**
 * What Hjemmel remarks on in a record of processing activities, as a colleague would who has read many. A `must` has to
 * be put right before the record is proposed; a `should` stands there to be thought of, and blocks nothing.
 */
export const REMARKS = {
  'unknown-code': 'must',
  'key-twice': 'must',
  'row-without-rule': 'must',
  'no-purpose': 'must',
  'no-rows': 'must',
  'no-basis': 'must',
  'no-controllers': 'must',
  'retired-code': 'should',
  'row-twice': 'should',
  'legitimate-interest': 'should',
  'consent-fallback': 'should',
  'consent-without-how': 'should',
  'special-without-art9': 'should',
  'art9-without-special': 'should',
  'criminal-without-provision': 'should',
  'cpr-without-provision': 'should',
  'provision-missing': 'should',
  'provision-unchecked': 'should',
  'provision-checked-long-ago': 'should',
  'purpose-restates-name': 'should',
  'erasure-missing': 'should',
  'erasure-vague': 'should',
  'erasure-unused': 'should',
  'archive-unsettled': 'should',
  'transfer-without-recipient': 'should',
  'transfer-without-ground': 'should',
  'transfer-derogation': 'should',
  'adequacy-unknown': 'should',
  'adequacy-expired': 'should',
  'adequacy-unchecked': 'should',
  'joint-without-arrangement': 'should',
  'no-measures': 'should',
  'no-information': 'should',
  'no-owner': 'should',
  'no-units': 'should',
  'no-kle': 'should',
} as const satisfies Record<string, 'must' | 'should'>

export type RemarkCode = keyof typeof REMARKS
export const REMARK_CODES = Object.keys(REMARKS) as [RemarkCode, ...RemarkCode[]]

export const remark = z.object({
  code: z.enum(REMARK_CODES),
  /** Where in the content: `purposes.0.art6`, `rows.12.erasure`; empty for the record as a whole. */
  at: z.string(),
  severity: z.enum(['must', 'should']),
  /** What the text fills in. `da` and `en` are the same terms in two languages. */
  values: z.record(z.string(), z.string()),
})
export type Remark = z.output<typeof remark>
