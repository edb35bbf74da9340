import type { ActivityContent } from '#contract/activity-content.ts'
import { isStale } from '../vocabulary/vocabulary.ts'
import type { Ground } from './remark-ground.ts'

/** Grounds that are a decision of the Commission on a country (Art. 45). */
const ADEQUACY = ['45', '45-DPF']

/** Whether what leaves the EU and EEA has a ground, and whether the ground still stands. */
export function checkTransfers(content: ActivityContent, { vocabularies, today, tell }: Ground): void {
  const going = content.transfers
    .map((one, place) => ({ ...one, at: `transfers.${place}` }))
    .filter(one => one.ground !== 'NONE' && (one.to === null || one.to > today))
  if (going.length > 0 && content.kind === 'controller' && content.rows.every(row => row.recipient === null))
    tell('transfer-without-recipient', 'transfers')
  for (const { recipient, country, ground, at } of going) {
    if (ground === null) tell('transfer-without-ground', `${at}.ground`, { recipient })
    else if (ground.startsWith('49.')) tell('transfer-derogation', `${at}.ground`, { recipient })
    else if (ADEQUACY.includes(ground)) {
      const decision = vocabularies.adequacy.get(country.toUpperCase())
      if (!decision || decision.retired) tell('adequacy-unknown', at, { recipient, country })
      else if (decision.expiresOn !== null && decision.expiresOn <= today)
        tell(
          'adequacy-expired',
          at,
          { recipient, day: decision.expiresOn },
          { kind: 'adequacy', codes: [decision.code] },
        )
      else if (isStale(decision, today))
        tell('adequacy-unchecked', at, { recipient }, { kind: 'adequacy', codes: [decision.code] })
    }
  }
}
