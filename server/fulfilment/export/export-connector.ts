import { z } from 'zod'
import { type Connector, ConnectorFailure, type OrderAction, type OrderToCarryOut } from '../../orders/connector.ts'
import { csvText } from '../../platform/write-csv.ts'
import type { Reach } from '../reach.ts'
import { pathBelow } from '../settings.ts'
import { exportLines, mailText } from './export-table.ts'
import { exportFolder, writeWhole } from './write-export.ts'

/** For an owner who works from a list: one file a batch in a folder, a mail that says how many wait, or both. */
export const exportSettings = z.strictObject({
  folder: pathBelow.optional(),
  mailTo: z.email().optional(),
  language: z.enum(['da', 'en']).default('da'),
})
type Settings = z.output<typeof exportSettings>

const ACTIONS: readonly OrderAction[] = [
  'create',
  'enable',
  'disable',
  'rename',
  'move',
  'set',
  'grant',
  'revoke',
  'delete',
]

export function exportConnector(reach: Reach): Connector {
  return {
    kind: 'export',
    mode: 'batch',
    settings: exportSettings,
    actions: ACTIONS,
    check(given) {
      const { folder, mailTo } = given as Settings
      const mistakes: string[] = []
      if (!folder && !mailTo) mistakes.push('say where it goes: folder, mailTo, or both')
      if (mailTo && !reach.mailer) mistakes.push('mailTo: no mail server is set (HJEMMEL_SMTP_URL)')
      return mistakes
    },
    async test(given) {
      const { folder, mailTo } = given as Settings
      const steps: { say: string; ok: boolean }[] = []
      if (folder)
        await exportFolder(reach.exportsDir, folder).then(
          real => steps.push({ say: real, ok: true }),
          (error: Error) => steps.push({ say: error.message, ok: false }),
        )
      if (mailTo) steps.push({ say: mailTo, ok: reach.mailer !== null })
      return { ok: steps.every(step => step.ok), steps }
    },
    async open(given) {
      const { folder, mailTo, language } = given as Settings
      const real = folder ? await exportFolder(reach.exportsDir, folder) : null
      return {
        async handOver({ id, orders }) {
          const [first] = orders
          if (!first) return { receipt: 'nothing' }
          const receipt: string[] = []
          if (real) {
            // The key of a system may hold a slash; the number of the batch alone makes the name its own.
            const name = `${first.system.key.replace(/[^a-zA-Z0-9_-]+/g, '-').slice(0, 60)}-${id}.csv`
            await writeWhole(real, name, csvText(exportLines(orders, language), language === 'da' ? ';' : ','))
            receipt.push(name)
          }
          if (mailTo) receipt.push(await tell(reach, mailTo, { id, first, count: orders.length }, language))
          return { receipt: receipt.join(', ') }
        },
        close: async () => {},
      }
    },
  }
}

async function tell(
  reach: Reach,
  to: string,
  batch: { id: string; first: OrderToCarryOut; count: number },
  language: Settings['language'],
): Promise<string> {
  if (!reach.mailer) throw new ConnectorFailure('refused', 'No mail server is set (HJEMMEL_SMTP_URL)')
  const { system } = batch.first
  const link = `${reach.publicUrl.replace(/\/$/, '')}/systems/${system.id}/orders`
  const mail = mailText({ count: batch.count, system: system.name, link }, language)
  const { outcome, error } = await reach.mailer.send({ to, ...mail, id: `orders-${batch.id}` })
  if (outcome === 'later') throw new ConnectorFailure('retry', error ?? 'The mail server takes no mail now')
  if (outcome === 'never') throw new ConnectorFailure('refused', error ?? 'The mail server refuses the mail')
  // Handed over, and the line was lost: one mail too few is found on the page, one too many teaches to look away.
  return outcome === 'sent' ? 'mail sent' : 'mail sent, and nobody knows whether it arrived'
}
