import type { ControllerContent } from '#contract/activity-content.ts'
import { fold } from '../../platform/fold.ts'
import type { Ground } from './remark-ground.ts'

/** Words that promise erasure and set no day for it. */
const VAGUE = [
  ...['ikke laengere er noedvendig', 'ikke laengere noedvendig', 'saa laenge det er noedvendigt'],
  ...['saa laenge der er behov', 'efter behov', 'naar behovet ophoerer', 'loebende'],
  ...['no longer needed', 'no longer necessary', 'as long as necessary', 'as long as needed', 'when needed'],
]

/** Whether each row says when its data are erased, and whether what it says is a limit. */
export function checkErasure(content: ControllerContent, { tell }: Ground): void {
  const rules = new Map(content.retention.map(rule => [rule.key, rule]))
  const without = new Map<string, number>()
  for (const [place, row] of content.rows.entries()) {
    if (row.erasure === null) without.set(row.data, without.get(row.data) ?? place)
    else if (!rules.has(row.erasure))
      tell('row-without-rule', `rows.${place}.erasure`, { rule: row.erasure, row: String(place + 1) })
  }
  const first = without.values().next().value
  if (first !== undefined)
    tell('erasure-missing', `rows.${first}.erasure`, {}, { kind: 'data', codes: [...without.keys()] })
  const used = new Set(content.rows.map(row => row.erasure))
  for (const [place, rule] of content.retention.entries()) {
    const at = `retention.${place}`
    if (content.rows.length > 0 && !used.has(rule.key)) tell('erasure-unused', at, { rule: rule.key })
    const said = fold([rule.startEvent, rule.note, rule.basis].filter(Boolean).join(' '))
    // No period is honest where something is to be kept for good; else it is no limit.
    if (VAGUE.some(words => said.includes(words)) || (rule.period === null && rule.archive !== 'keep'))
      tell('erasure-vague', at, { rule: rule.startEvent })
    if (rule.archive === 'unknown') tell('archive-unsettled', at, { rule: rule.startEvent })
  }
}
