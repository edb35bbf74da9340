import type { Missing } from '#contract/lifecycle.ts'
import type { EndForm } from '#contract/lifecycle-forms.ts'
import { moveLeft, stateLeft, takeBackLeft } from '../../orders/left-store.ts'
import { NEVER_BEGAN } from '../../people/derive-timeline.ts'
import { loadFacts } from '../../people/fact-store.ts'
import { type FactDeps, retractFacts, type StatedFact } from '../../people/report-facts.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { payrollEndOf } from '../payroll/confirm-extensions.ts'
import { awaitedUntil } from '../payroll/extension-rule.ts'
import { addDays, addMonths, EARLIEST_MONTHS, LONGEST_MONTHS, missingAt, type StoredCase } from './case.ts'
import type { Asking, Door, Statement } from './door.ts'
import { endGrantsOf, forgetHandovers, leftBy, moveHandovers, noteHandovers } from './handover-store.ts'
import { SOURCE } from './hire-door.ts'
import { type KnownAffiliation, knownAffiliation, statedHashes } from './known-affiliation.ts'
import { leftBehind, represents } from './left-behind.ts'
import { CHANGE_SOURCE } from './move-door.ts'

type One = StoredCase & { form: EndForm }

/** The first day without rights, by the day that HR lets govern. */
export function accessEndsOn(form: EndForm, today: string): string | null {
  if (form.atOnce) return today
  if (form.governs === 'last-working-day') return form.lastWorkingDay && addDays(form.lastWorkingDay, 1)
  return form.governs === 'released' ? form.releasedFrom : form.endsOn
}

/**
 * Somebody leaves; or the end is another day, or none; or the affiliation lasts longer; or somebody who was to come does
 * not. All of them are about when an affiliation is over, so they are one form.
 */
export const endDoor: Door<EndForm> = {
  place: form => ({
    personId: null,
    affiliationId: form.affiliationId,
    unitId: null,
    effectiveOn: form.atOnce ? null : accessEndsOn(form, ''),
  }),
  title: () => null,

  missing: async (tx, one, { by, today }) => {
    const { form, door } = one
    if (form.affiliationId === null) return [missingAt('affiliationId', 'affiliation-needed')]
    const known = await knownAffiliation(tx, form.affiliationId)
    const about = [
      ...(known.personId === by.personId ? [missingAt('affiliationId', 'about-yourself')] : []),
      ...(known.status === 'ended' ? [missingAt('affiliationId', 'affiliation-ended')] : []),
    ]
    if (door === 'withdraw')
      return [...about, ...(known.status === 'future' ? [] : [missingAt('affiliationId', 'not-started-only')])]
    if (door === 'extend')
      return [
        ...about,
        ...(known.endsOn === null ? [missingAt('affiliationId', 'no-end-known')] : []),
        ...(form.endsOn === null ? [missingAt('endsOn')] : []),
        ...(form.endsOn !== null && known.endsOn !== null && form.endsOn < known.endsOn
          ? [missingAt('endsOn', 'end-before-start')]
          : []),
      ]
    if (door === 'postpone') {
      const { caseIds } = await statedHashes(tx, known.affiliationId, { kind: 'end', doors: ENDS })
      const none = caseIds.length === 0 ? [missingAt('affiliationId', 'no-end-known')] : []
      return form.endsOn === null ? [...about, ...none] : [...about, ...none, ...daysMissing(form, known, today)]
    }
    return [...about, ...daysMissing(form, known, today), ...mailboxMissing(form, known, today)]
  },

  facts: async (tx, one, asking, deps) => {
    const known = await knownAffiliation(tx, one.form.affiliationId!)
    if (known.personId === asking.by.personId) throw problem('case-about-self')
    const changed = await takeBack(tx, one, known, asking, deps)
    return {
      personId: known.personId,
      made: false,
      affiliationId: known.affiliationId,
      changed,
      facts: await say(tx, one, known, asking, deps),
    }
  },

  copy: form => ({
    ...form,
    affiliationId: null,
    endsOn: null,
    lastWorkingDay: null,
    releasedFrom: null,
    reason: '',
    returns: [],
    handovers: [],
  }),
}
const ENDS = ['plain', 'postpone']

/** Compensates what an earlier report has stated, by taking its facts back: as if it had not been said. */
async function takeBack(
  tx: Tx,
  one: One,
  known: KnownAffiliation,
  { by, today }: Asking,
  deps: FactDeps,
): Promise<string[]> {
  const kind = one.door === 'withdraw' ? 'hire' : one.door === 'postpone' ? 'end' : null
  if (kind === null) return []
  const doors = kind === 'end' ? ENDS : ['plain', 'emergency', 'rehire', 'vikar']
  const { hashes, caseIds } = await statedHashes(tx, known.affiliationId, { kind, doors })
  if (kind === 'end') {
    const ends = accessEndsOn(one.form, today)
    if (ends === null) {
      await forgetHandovers(tx, caseIds)
      await takeBackLeft(tx, caseIds, deps.now)
    } else {
      await moveHandovers(tx, caseIds, ends)
      await moveLeft(tx, caseIds, ends)
    }
    const { affiliations } = await retractFacts(
      tx,
      hashes,
      { reason: `case ${one.id}`, actorId: by.userId, assertedAt: deps.now },
      deps,
    )
    return affiliations
  }
  // What was asked for goes with it, and nobody is asked for a yes any more.
  await endGrantsOf(tx, known.affiliationId, { now: deps.now, today, by: by.userId, reason: `case ${one.id}` })
  return []
}

async function say(
  tx: Tx,
  one: One,
  known: KnownAffiliation,
  { by, today }: Asking,
  deps: FactDeps,
): Promise<Statement['facts']> {
  const { form } = one
  const stated = { sourceKey: one.id, assertedAt: deps.now, actorId: by.userId, from: null, to: null }
  const about = (source: string, attrs: StatedFact['attrs']): StatedFact => ({
    ...stated,
    kind: 'affiliation',
    subjectId: known.affiliationId,
    source,
    attrs,
  })
  if (one.door === 'withdraw') return [about(SOURCE, { startsOn: NEVER_BEGAN, accessEndsOn: NEVER_BEGAN })]
  if (one.door === 'extend') {
    const payrollEndsOn = payrollEndOf(
      (await loadFacts(tx, 'affiliation', [known.affiliationId])).get(known.affiliationId) ?? [],
    )
    const until =
      payrollEndsOn === undefined ? form.endsOn : awaitedUntil({ payrollEndsOn, reportedEndsOn: form.endsOn! })
    // A fact of its own: it is taken back alone, once payroll says the same.
    const awaited = until === form.endsOn ? [] : [about(CHANGE_SOURCE, { accessEndsOn: until })]
    return [about(CHANGE_SOURCE, { endsOn: form.endsOn }), ...awaited]
  }
  if (one.door === 'postpone' && form.endsOn === null) return []
  if (form.death) {
    // A report keeps the first day after the one that is said.
    const diedOn = form.endsOn ? addDays(form.endsOn, -1) : today
    return [{ ...stated, kind: 'person', subjectId: known.personId, source: SOURCE, attrs: { diedOn } }]
  }
  const ends = accessEndsOn(form, today)
  // A postponed end says nothing of it: what the first report has said goes with the day.
  if (one.door === 'plain') {
    await noteHandovers(tx, one, known, ends ?? today)
    const things = leftBehind(form, ends ?? today, {
      ...(await leftBy(tx, known)),
      functions: known.functions,
    })
    await stateLeft(tx, { ...known, caseId: one.id }, things, deps.now)
  }
  return [
    about(SOURCE, {
      endsOn: form.endsOn,
      lastWorkingDay: form.lastWorkingDay,
      releasedFrom: form.releasedFrom,
      endGoverns: form.governs,
      endReason: form.reason || null,
      // Always said: what payroll says later about the employment opens nothing again.
      accessEndsOn: ends,
    }),
  ]
}

function daysMissing(form: EndForm, known: KnownAffiliation, today: string): Missing[] {
  const { endsOn, lastWorkingDay, releasedFrom, governs } = form
  const ends = accessEndsOn(form, today)
  return [
    ...(endsOn === null && !form.death ? [missingAt('endsOn')] : []),
    ...(governs === 'last-working-day' && lastWorkingDay === null ? [missingAt('lastWorkingDay')] : []),
    ...(governs === 'released' && releasedFrom === null ? [missingAt('releasedFrom')] : []),
    ...(endsOn !== null && endsOn < addMonths(today, -EARLIEST_MONTHS) ? [missingAt('endsOn', 'start-too-early')] : []),
    ...(endsOn !== null && lastWorkingDay !== null && lastWorkingDay >= endsOn
      ? [missingAt('lastWorkingDay', 'end-before-start')]
      : []),
    ...(known.startsOn !== null && ends !== null && ends <= known.startsOn
      ? [missingAt('endsOn', 'end-before-start')]
      : []),
  ]
}

/**
 * A mailbox lives on for a year at most, with a reply, and then it is gone; of that of an employees' representative
 * nobody but HR says anything (domain.md).
 */
function mailboxMissing({ mailbox, endsOn }: EndForm, known: KnownAffiliation, today: string): Missing[] {
  const said = mailbox.receiver !== null || mailbox.readers.length > 0 || mailbox.reply !== '' || mailbox.until !== null
  return [
    ...(mailbox.until !== null && mailbox.until > addMonths(endsOn ?? today, LONGEST_MONTHS)
      ? [missingAt('mailbox/until', 'mailbox-too-long')]
      : []),
    ...(said && represents(known.functions) && !mailbox.representative
      ? [missingAt('mailbox/representative', 'hr-only')]
      : []),
  ]
}
