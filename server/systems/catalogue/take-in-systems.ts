import { readSheet, type Sheet, type SystemContract } from '#contract/sheet.ts'
import type { Applied, RecordChange, SinkContext } from '../../platform/feed-record.ts'
import type { SystemRecord } from '../system-records.ts'
import { effectiveSheet, sheetChanges } from './effective-sheet.ts'
import { firstDue, lockSheetsByKey, type SheetWrite, writeSheets } from './sheet-store.ts'

/**
 * What a feed says of systems becomes their sheets, except where somebody has set a value by hand: that stays, and what
 * the feed says is kept beside it for the day it is released.
 */
export async function takeInSystems(ctx: SinkContext, changes: readonly RecordChange[]): Promise<Applied[]> {
  const told = changes.filter(change => change.after !== null)
  if (told.length === 0) return []
  await ctx.tx.query(
    `insert into it_system (key, name, source, attest_due)
     select r.key, r.name, $2, ${firstDue('r.key', '$3')} from jsonb_to_recordset($1::jsonb) as r(key text, name text)
     on conflict (key) do update set source = excluded.source, gone_at = null`,
    [JSON.stringify(told.map(({ key, after }) => ({ key, name: after?.name }))), ctx.source, ctx.today],
  )
  const stored = await lockSheetsByKey(
    ctx.tx,
    told.map(change => change.key),
  )
  const byKey = new Map(stored.map(one => [one.key, one]))
  const writes = told.flatMap(({ key, after }): SheetWrite[] => {
    const before = byKey.get(key)
    if (!before || !after) return []
    const feed = feedSheet(after as SystemRecord)
    const sheet = effectiveSheet(feed, before.hand)
    const changed = sheetChanges(before.sheet, sheet)
    const first = before.version === 0
    if (changed.length === 0 && !first) return [{ ...before, feed, changes: null, reason: null }]
    // All of it is new: the version itself says so.
    return [{ ...before, feed, sheet, version: before.version + 1, changes: first ? [] : changed, reason: null }]
  })
  await writeSheets(ctx.tx, writes, { at: ctx.now, origin: 'feed', source: ctx.source, runId: ctx.runId })
  return stored.map(({ key, id }) => ({ key, subjectId: id }))
}

/** A system's record in the words of its sheet. A file has one contract a row, and its flows as a list. Pure. */
export function feedSheet(record: SystemRecord): Sheet {
  const { owner, responsible, contact, unit, flows, kle, ...rest } = record
  const { contract, contractNo, contractFrom, contractTo, contractNoticeMonths, contractPrice, ...facts } = rest
  const { agreement, agreementOn, ...plain } = facts
  const named = (words: string | null) => (words === null ? null : { words })
  const contracts: SystemContract[] =
    contract === null && contractNo === null && contractTo === null && agreement === null
      ? []
      : [
          {
            name: contract ?? contractNo ?? record.supplier ?? record.name,
            number: contractNo,
            from: contractFrom,
            to: contractTo,
            noticeMonths: contractNoticeMonths,
            noticeOn: null,
            renewal: null,
            pricePerYear: contractPrice,
            agreement,
            agreementOn,
            agreementLink: null,
          },
        ]
  const { values } = readSheet({
    ...plain,
    kle,
    flows,
    contracts,
    owner: named(owner),
    responsible: named(responsible),
    contact: named(contact),
    unit: named(unit),
  })
  return effectiveSheet(values as Sheet, {})
}
