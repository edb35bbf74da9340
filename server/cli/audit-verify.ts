import { verifyAudit } from '../audit/verify-audit.ts'
import type { House } from '../wiring.ts'
import { type Answer, EXIT } from './session.ts'

export async function auditVerify(house: House): Promise<Answer> {
  const verdict = await verifyAudit(house.db, house.keyring)
  const broken = verdict.firstBroken
  return {
    json: { ...verdict },
    text: broken
      ? `The audit log is BROKEN at link ${broken.seq}${broken.entryId === null ? '' : ` (entry ${broken.entryId})`}: ${broken.why}`
      : `The audit log is whole: ${verdict.checked} entries checked, ${verdict.unsealed} not sealed yet.`,
    exit: verdict.ok ? EXIT.done : EXIT.failed,
  }
}
