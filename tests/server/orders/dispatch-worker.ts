import { sendOrders } from '../../../server/orders/dispatch-service.ts'
import { systemClock } from '../../../server/platform/clock.ts'
import { openDatabase } from '../../../server/platform/database.ts'
import { createLog } from '../../../server/platform/log.ts'
import { membersConnector } from './members-target.ts'

/** A worker of its own, to be killed. */
const db = await openDatabase(process.argv[2] ?? '', { poolSize: 3 })
process.stdout.write('ready\n')
await sendOrders({
  ...{ db, clock: systemClock, log: createLog('silent'), connectors: [membersConnector], secretOf: () => '' },
  leaseSeconds: Number(process.argv[3]),
})
await db.close()
process.stdout.write('done\n')
