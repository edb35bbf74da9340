import type { AbsenceForm } from '#contract/lifecycle-forms.ts'
import { retractFacts } from '../../people/report-facts.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { addMonths, EARLIEST_MONTHS, missingAt } from './case.ts'
import type { Door } from './door.ts'
import { SOURCE } from './hire-door.ts'
import { knownAffiliation, statedHashes } from './known-affiliation.ts'

/** As `absenceOf` knows them again, and as a person reads them. */
const WORDS: Record<AbsenceForm['absence'], string> = {
  parental: 'Barsel',
  sick: 'Sygdom',
  other: 'Orlov',
  suspension: 'Suspension',
}

/** What reports have said of the absence that begins on a day. */
const reported = (tx: Tx, affiliationId: string, from: string | null) =>
  statedHashes(tx, affiliationId, { kind: 'absence', doors: ['plain'], effectiveOn: from })

/** Somebody is away for a time. What rests, rests by the policy of that kind of absence, and comes back by itself. */
export const absenceDoor: Door<AbsenceForm> = {
  place: form => ({ personId: null, affiliationId: form.affiliationId, unitId: null, effectiveOn: form.from }),
  title: () => null,

  missing: async (tx, { form, door }, { by, today }) => {
    if (form.affiliationId === null) return [missingAt('affiliationId', 'affiliation-needed')]
    const known = await knownAffiliation(tx, form.affiliationId)
    const { from, to } = form
    if (door === 'withdraw') {
      const said = from === null ? [] : (await reported(tx, known.affiliationId, from)).hashes
      return [
        ...(known.personId === by.personId ? [missingAt('affiliationId', 'about-yourself')] : []),
        ...(said.length === 0 ? [missingAt('from', 'no-absence-known')] : []),
      ]
    }
    return [
      ...(known.personId === by.personId ? [missingAt('affiliationId', 'about-yourself')] : []),
      ...(known.status === 'ended' ? [missingAt('affiliationId', 'affiliation-ended')] : []),
      ...(from === null ? [missingAt('from')] : []),
      ...(from !== null && from < addMonths(today, -EARLIEST_MONTHS) ? [missingAt('from', 'start-too-early')] : []),
      ...(from !== null && to !== null && to <= from ? [missingAt('to', 'end-before-start')] : []),
    ]
  },

  facts: async (tx, one, { by }, deps) => {
    const { form } = one
    const known = await knownAffiliation(tx, form.affiliationId!)
    if (known.personId === by.personId) throw problem('case-about-self')
    const attrs = {
      leaveFrom: form.from,
      leaveTo: form.to,
      leaveKind: WORDS[form.absence],
      leaveReason: form.reason || null,
    }
    // The same first day is the same absence: it lasts shorter or longer than was said.
    const earlier = await reported(tx, known.affiliationId, form.from)
    const { affiliations: changed } = await retractFacts(
      tx,
      earlier.hashes,
      { reason: `case ${one.id}`, actorId: by.userId, assertedAt: deps.now },
      deps,
    )
    await tx.query('delete from absence_exception where case_id = any($1)', [[...earlier.caseIds, one.id]])
    const { personId, affiliationId } = known
    // Said in error: as if it had never been said.
    if (one.door === 'withdraw') return { personId, made: false, affiliationId, changed, facts: [] }
    await tx.query(
      `insert into absence_exception (affiliation_id, class, effect, valid_from, valid_to, case_id)
       select $1, class, effect, $3, $4, $5 from jsonb_to_recordset($2::jsonb) as r(class text, effect text)
       on conflict (affiliation_id, class, case_id) do update set effect = excluded.effect`,
      [known.affiliationId, JSON.stringify(form.exceptions), form.from, form.to, one.id],
    )
    return {
      personId: known.personId,
      made: false,
      affiliationId: known.affiliationId,
      changed,
      facts: [
        {
          kind: 'affiliation',
          subjectId: known.affiliationId,
          attrs,
          from: form.from,
          to: form.to,
          source: SOURCE,
          sourceKey: one.id,
          assertedAt: deps.now,
          actorId: by.userId,
        },
      ],
    }
  },

  copy: form => ({ ...form, affiliationId: null, from: null, to: null, reason: '', exceptions: [], note: '' }),
}
