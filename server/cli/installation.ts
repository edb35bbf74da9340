import { cliActor } from '../audit/audit-entry.ts'
import { audit } from '../audit/audit-store.ts'
import { resignAuditHead } from '../audit/seal-audit.ts'
import { rotateFactorKeys } from '../auth/rotate-factors.ts'
import { rotateRecordKeys } from '../feeds/runs/rotate-records.ts'
import { rotateCaseNumbers } from '../lifecycle/cases/rotate-numbers.ts'
import { rotateEventKeys } from '../lifecycle/events/event-store.ts'
import { rotateCprKeys } from '../people/cpr-store.ts'
import { renewKeyCheck } from '../platform/key-file.ts'
import type { House } from '../wiring.ts'
import { type Answer, EXIT } from './session.ts'

/**
 * Everything that is sealed or signed with another than the first key of the key file. Put the new key first in the
 * file, start anew, run this, then take the old one out. May be cut off and run again.
 */
export async function keysRotate(house: House): Promise<Answer> {
  const { db, keyring } = house
  const moved = await rotateCprKeys(db, keyring)
  const records = await rotateRecordKeys(db, keyring)
  const secondFactors = await rotateFactorKeys(db, keyring)
  const events = await rotateEventKeys(db, keyring)
  const drafts = await rotateCaseNumbers(db, keyring)
  await resignAuditHead(db, keyring)
  await renewKeyCheck(db, keyring)
  const done = { moved, records, secondFactors, events, drafts, key: keyring.current }
  await db.transaction(tx =>
    audit(tx).write({
      actor: cliActor('keys rotate'),
      action: 'keys.rotated',
      subjectKind: 'installation',
      detail: done,
    }),
  )
  return {
    json: done,
    text: [
      `Written anew with key "${keyring.current}": ${moved} CPR numbers, ${records} records of sources, ${secondFactors} second factors, ${events} personnel events, ${drafts} drafts of reports.`,
      'The other keys can be taken out of the key file now. Recovery codes and sessions made with them end then: make new codes, sign in again.',
    ].join('\n'),
    exit: EXIT.done,
  }
}

export async function adminLink(house: House): Promise<Answer> {
  const link = await house.auth.firstAdministratorLink()
  return link
    ? { json: { ...link }, text: `Open once, within 24 hours:\n  ${link.url}`, exit: EXIT.done }
    : {
        json: { url: null },
        text: 'There is an administrator already; ask that person for a new link.',
        exit: EXIT.failed,
      }
}
