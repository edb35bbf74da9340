import { cliActor } from '../audit/audit-entry.ts'
import { audit } from '../audit/audit-store.ts'
import { rotateCprKeys } from '../people/cpr-store.ts'
import type { House } from '../wiring.ts'
import { type Answer, EXIT } from './session.ts'

/** Put the new key first in the key file, run this, then take the old one out. May be cut off and run again. */
export async function keysRotate(house: House): Promise<Answer> {
  const moved = await rotateCprKeys(house.db, house.keyring)
  await house.db.transaction(tx =>
    audit(tx).write({
      actor: cliActor('keys rotate'),
      action: 'keys.rotated',
      subjectKind: 'installation',
      detail: { moved, key: house.keyring.current },
    }),
  )
  return {
    json: { moved, key: house.keyring.current },
    text: `${moved} numbers written anew with key "${house.keyring.current}".`,
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
