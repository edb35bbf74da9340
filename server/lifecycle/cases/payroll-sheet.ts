import type { CasePage } from '#contract/lifecycle.ts'
import type { CaseForm } from '#contract/lifecycle-forms.ts'
import { FULL_TIME, isPaid } from './case.ts'

type Sheet = CasePage['payroll']['sheet']
export type SheetNames = {
  name: { given: string; family: string }
  unit: { key: string; name: string } | null
  manager: string | null
  cprMasked: string | null
}

/**
 * What payroll is told, in the order of its own form (the `employee` of a KMD OPUS file: entry and leave date, number,
 * name, contract, position, unit, manager, working time as numerator and denominator), so that whoever types it reads it
 * from top to bottom. Fields that only payroll knows (pay grade, seniority) are not asked here.
 */
export function payrollSheet(form: CaseForm, names: SheetNames): Sheet {
  if (form.kind !== 'hire' || !isPaid(form.affiliation.kind)) return []
  const { affiliation } = form
  const row = (field: string, value: string | null, needed = true) => ({
    field,
    value: value || null,
    status: needed && !value ? ('missing' as const) : ('ready' as const),
  })
  return [
    row('entryDate', affiliation.startsOn),
    row('leaveDate', affiliation.endsOn, affiliation.kind === 'temp'),
    row('cpr', names.cprMasked),
    row('firstName', names.name.given),
    row('lastName', names.name.family),
    row('workContract', affiliation.hourlyPaid ? 'hourly' : 'monthly'),
    row('position', affiliation.title),
    row('orgUnit', names.unit ? `${names.unit.key} ${names.unit.name}` : null),
    row('superior', names.manager),
    row('numerator', affiliation.hours === null ? null : String(affiliation.hours).replace('.', ',')),
    row('denominator', String(FULL_TIME)),
  ]
}
