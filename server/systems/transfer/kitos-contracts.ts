import type { z } from 'zod'
import { clean, day, type KitosFile, kitosContract, kitosProcessing, pick, unknownOf } from './kitos-shape.ts'

type OfSystem = {
  contracts: Record<string, unknown>[]
  supplier: string | null
  /** What they say that has no place, and what could not be read at all. */
  rest: unknown[]
}

/** Contracts by the system that they are for, with the agreement on data processing where one is told. */
export function contractsOf({ contracts, processing }: KitosFile): Map<string, OfSystem> {
  const found = new Map<string, OfSystem>()
  const of = (uuid: string): OfSystem => {
    const known = found.get(uuid.toLowerCase()) ?? { contracts: [], supplier: null, rest: [] }
    found.set(uuid.toLowerCase(), known)
    return known
  }
  const leave = (schema: z.ZodType, raw: unknown) => {
    const rest = schema.safeParse(raw).success ? Object.fromEntries(unknownOf(schema, raw)) : raw
    if (rest !== null && typeof rest === 'object' && Object.keys(rest).length > 0)
      for (const uuid of usagesIn(raw)) of(uuid).rest.push(rest)
  }
  for (const raw of contracts) {
    leave(kitosContract, raw)
    const read = kitosContract.safeParse(raw)
    if (!read.success) continue
    const { name, general, supplier, termination } = read.data
    const months = Number.parseInt(termination?.terms?.noticePeriodMonths?.name ?? '', 10)
    const to = day(general?.validity?.validTo)
    for (const uuid of usagesIn(raw)) {
      const system = of(uuid)
      system.supplier ??= clean(supplier?.organization?.name, 200)
      system.contracts.push({
        name: clean(name, 200),
        number: clean(general?.contractId, 200),
        from: day(general?.validity?.validFrom),
        to,
        noticeMonths: to && Number.isInteger(months) ? months : null,
      })
    }
  }
  for (const raw of processing) {
    leave(kitosProcessing, raw)
    const read = kitosProcessing.safeParse(raw)
    const general = read.data?.general
    const agreement = pick({ yes: 'yes', no: 'no', irrelevant: 'irrelevant' }, general?.isAgreementConcluded)
    if (!read.success || agreement === null) continue
    const said = { agreement, agreementOn: day(general?.agreementConcludedAt) }
    for (const uuid of usagesIn(raw)) {
      const { contracts: own } = of(uuid)
      const main = own.find(one => one.name === general?.mainContract?.name) ?? (own.length === 1 ? own[0] : undefined)
      if (main) Object.assign(main, said)
      else own.push({ name: clean(read.data.name, 200) ?? 'Databehandleraftale', ...said })
    }
  }
  return found
}

function usagesIn(raw: unknown): string[] {
  const list = (raw as { systemUsages?: unknown } | null)?.systemUsages
  return Array.isArray(list)
    ? list.flatMap(one =>
        typeof (one as { uuid?: unknown } | null)?.uuid === 'string' ? [(one as { uuid: string }).uuid] : [],
      )
    : []
}
