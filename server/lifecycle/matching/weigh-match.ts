/** What is known of a report and a payroll row that might be one employment. */
export type Candidate = {
  reportId: string
  payrollId: string
  samePerson: boolean
  /** Both have the number, and it is one. Two numbers: not a candidate. */
  sameNumber: boolean
  sameEmployeeNo: boolean
  sameName: boolean
  sameFamilyName: boolean
  sameBirthDate: boolean
  /** Null: one of the two has none. */
  sameUnit: boolean | null
  sameTitle: boolean | null
  /** Days between the two first days; null where one has none. */
  daysApart: number | null
}
export type Weighed = {
  evidence: 'employee-no' | 'person-number' | 'same-person' | 'name-birth-date'
  confidence: number
  /** Nobody has to be asked. */
  certain: boolean
}

/** A payroll row that begins further from the report than this is another employment. */
const APART = 62

/**
 * How sure it is that payroll tells of what was reported; null: it is not. Sure enough to go without a person is what a
 * number says: the employee number, or the person's own number with dates that fit. A name never is.
 */
export function weighMatch(one: Candidate): Weighed | null {
  const near = one.daysApart !== null && one.daysApart <= APART
  if (one.sameEmployeeNo) {
    const person = one.samePerson || one.sameNumber || one.sameBirthDate
    return { evidence: 'employee-no', confidence: person ? 100 : 70, certain: person }
  }
  if (!near) return null
  const place = one.sameUnit === true || one.sameTitle === true
  const close = (one.daysApart as number) <= 31
  if (one.samePerson || one.sameNumber) {
    const evidence = one.sameNumber ? 'person-number' : 'same-person'
    if (one.sameUnit === false && one.sameTitle === false) return { evidence, confidence: 50, certain: false }
    return { evidence, confidence: close && place ? 98 : 80, certain: close && place }
  }
  if (!one.sameBirthDate || !(one.sameName || one.sameFamilyName)) return null
  const confidence = (one.sameName ? 60 : 45) + (one.sameUnit ? 15 : 0) + (one.sameTitle ? 5 : 0) + (close ? 10 : 0)
  return { evidence: 'name-birth-date', confidence, certain: false }
}
