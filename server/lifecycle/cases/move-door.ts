import type { Missing } from '#contract/lifecycle.ts'
import type { MoveForm } from '#contract/lifecycle-forms.ts'
import { makeAffiliation, type StatedFact } from '../../people/report-facts.ts'
import type { NormalAttrs } from '../../platform/feed-record.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { addMonths, EARLIEST_MONTHS, fractionOf, missingAt } from './case.ts'
import type { Door } from './door.ts'
import { SOURCE } from './hire-door.ts'
import { type KnownAffiliation, knownAffiliation } from './known-affiliation.ts'
import { limitsMissing } from './limits-view.ts'

/**
 * What a report changes in something payroll has said: it counts from when it is said, and so does what payroll says of it
 * later (`authorityOf`).
 */
export const CHANGE_SOURCE = 'report-change'

/** Another unit, position or hours from a day on; or a second affiliation beside the first, for a time. */
export const moveDoor: Door<MoveForm> = {
  place: form => ({
    personId: null,
    affiliationId: form.affiliationId,
    unitId: null,
    effectiveOn: form.from,
    toUnitId: form.unitId,
  }),
  title: form => form.title || null,

  missing: async (tx, { form }, { by, today }) => {
    if (form.affiliationId === null) return [missingAt('affiliationId', 'affiliation-needed')]
    const known = await knownAffiliation(tx, form.affiliationId)
    return [
      ...(known.personId === by.personId ? [missingAt('affiliationId', 'about-yourself')] : []),
      ...(known.status === 'ended' ? [missingAt('affiliationId', 'affiliation-ended')] : []),
      ...(await placeMissing(tx, form, known)),
      ...datesMissing(form, known, today),
      ...(form.from === null
        ? []
        : await limitsMissing(tx, form.rights, attrsOf(form, known), form.from > today ? form.from : today)),
    ]
  },

  facts: async (tx, one, { by }, deps) => {
    const { form } = one
    const known = await knownAffiliation(tx, form.affiliationId!)
    if (known.personId === by.personId) throw problem('case-about-self')
    const stated = { kind: 'affiliation' as const, sourceKey: one.id, assertedAt: deps.now, actorId: by.userId }
    if (form.how === 'beside') {
      const { personId } = known
      const affiliationId = await makeAffiliation(tx, { source: SOURCE, key: one.id, personId })
      const attrs = { ...attrsOf(form, known), startsOn: form.from, endsOn: form.to }
      const fact: StatedFact = { ...stated, source: SOURCE, subjectId: affiliationId, attrs, from: null, to: null }
      return { personId, made: false, affiliationId, facts: [fact] }
    }
    const from = form.from
    const say = (source: string, attrs: NormalAttrs): StatedFact[] =>
      Object.keys(attrs).length === 0
        ? []
        : [{ ...stated, source, subjectId: known.affiliationId, attrs, from, to: form.to }]
    const { unit, terms } = changeOf(form, known)
    return {
      personId: known.personId,
      made: false,
      affiliationId: known.affiliationId,
      facts: [
        // Over what a payroll unit maps to only a decision about the affiliation itself counts.
        ...say(known.unitStated ? CHANGE_SOURCE : SOURCE, unit === null ? {} : unit),
        ...say(CHANGE_SOURCE, terms),
      ],
    }
  },

  copy: form => ({ ...form, affiliationId: null, from: null, to: null, rights: [], note: '' }),
}

function changeOf(form: MoveForm, known: KnownAffiliation): { unit: NormalAttrs | null; terms: NormalAttrs } {
  const fraction = fractionOf(form.hours)
  const unit = form.unitId === null || form.unitId === known.unitId ? null : form.unitId
  return {
    unit: unit === null ? null : { [known.unitStated ? 'unit' : 'unitOverride']: unit },
    terms: {
      ...(form.title !== '' && form.title !== known.title ? { title: form.title } : {}),
      ...(fraction !== null && fraction !== known.fraction ? { fraction } : {}),
    },
  }
}

/** The affiliation as it would be, as far as rules look at it. */
function attrsOf(form: MoveForm, known: KnownAffiliation): NormalAttrs {
  const attrs: NormalAttrs = {
    affiliationKind: known.kind,
    unit: form.unitId ?? known.unitId,
    title: form.title || known.title,
    fraction: fractionOf(form.hours) ?? (form.how === 'beside' ? null : known.fraction),
    startsOn: form.how === 'beside' ? form.from : known.startsOn,
  }
  return Object.fromEntries(Object.entries(attrs).filter(([, value]) => value !== null))
}

async function placeMissing(tx: Tx, form: MoveForm, known: KnownAffiliation): Promise<Missing[]> {
  const { unit, terms } = changeOf(form, known)
  if (unit === null && Object.keys(terms).length === 0) return [missingAt('unitId', 'nothing-changes')]
  if (form.unitId === null) return []
  const found = await tx.query(`select 1 from org_unit_current where unit_id = $1 and active and tree <> 'pay'`, [
    form.unitId,
  ])
  return found.length === 0 ? [missingAt('unitId', 'unit-unknown')] : []
}

function datesMissing({ from, to, how }: MoveForm, known: KnownAffiliation, today: string): Missing[] {
  if (from === null) return [missingAt('from')]
  return [
    ...(from < addMonths(today, -EARLIEST_MONTHS) ? [missingAt('from', 'start-too-early')] : []),
    ...(how === 'beside' && to === null ? [missingAt('to', 'end-needed')] : []),
    ...(to !== null && to <= from ? [missingAt('to', 'end-before-start')] : []),
    ...(how === 'beside' && to !== null && to > addMonths(from, 12) ? [missingAt('to', 'end-too-late')] : []),
    ...(known.endsOn !== null && from >= known.endsOn ? [missingAt('from', 'affiliation-ended')] : []),
  ]
}
