import type { ResponseOf } from '#contract/endpoint.ts'
import type { getReportedSubject } from '#contract/lifecycle-subject.ts'

export type Subject = ResponseOf<typeof getReportedSubject>
/** What the parts of a form about an affiliation get. */
export type PartProps<Form> = {
  form: Form
  change: (next: Form) => void
  wrong: (where: string) => string | undefined
  subject: Subject | undefined
  /** HR alone may say some things. */
  hr: boolean
  /** People that the draft names, where it was left earlier. */
  people: readonly { id: string; name: string | null }[]
}
