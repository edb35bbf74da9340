import type { z } from 'zod'
import { clean, day, type KitosFile, kitosContract, kitosProcessing, pick, unknownOf } from './kitos-shape.ts'

type OfSystem = {
  /** By the key of KITOS, which none of ours has. */
  contracts: { uuid: string | null; supplier: string | null; said: Record<string, unknown> }[]
  /** What they say that has no place, and what could not be read at all. */
  rest: unknown[]
}

/** Contracts by the system that they are for, with the agreement on data processing where one is told. */
export function contractsOf({ contracts, processing }: KitosFile): Map<string, OfSystem> {
  const found = new Map<string, OfSystem>()
  const of = (uuid: string): OfSystem => {
    const known = found.get(uuid.toLowerCase()) ?? { contracts: [], rest: [] }
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
    const notice = clean(termination?.terms?.noticePeriodMonths?.name, 200)
    const months = Number.parseInt(notice ?? '', 10)
    for (const uuid of usagesIn(raw)) {
      const system = of(uuid)
      system.contracts.push({
        uuid: read.data.uuid?.toLowerCase() ?? null,
        supplier: clean(supplier?.organization?.name, 200),
        said: {
          name: clean(name, 200),
          number: clean(general?.contractId, 200),
          from: day(general?.validity?.validFrom),
          to: day(general?.validity?.validTo),
          noticeMonths: Number.isInteger(months) ? months : null,
        },
      })
      // In words that are no number of months.
      if (notice && !Number.isInteger(months)) system.rest.push({ [NOTICE]: notice })
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
      const main = mainOf(own, general?.mainContract) ?? (own.length === 1 ? own[0] : undefined)
      if (main) Object.assign(main.said, said)
      else
        own.push({
          uuid: null,
          supplier: null,
          said: { name: clean(read.data.name, 200) ?? 'Databehandleraftale', ...said },
        })
    }
  }
  return found
}

/** A system has one supplier: that of its main contract, which stands first. The others are told apart, to be kept. */
export function suppliersOf(contracts: OfSystem['contracts']): { supplier: string | null; others: string[] } {
  const [supplier = null, ...others] = [...new Set(contracts.flatMap(one => one.supplier ?? []))]
  return { supplier, others }
}

/** What is told of a contract and has no place of its own on a sheet: other suppliers, and a notice that is no number. */
export const SUPPLIER = 'supplier.organization.name'
export const NOTICE = 'termination.terms.noticePeriodMonths.name'

/** The contract that something of KITOS calls its main one, where the file has it: by its key, else by its name. */
export function mainOf<C extends OfSystem['contracts'][number]>(
  own: readonly C[],
  main: { uuid?: string | null | undefined; name?: string | null | undefined } | null | undefined,
): C | undefined {
  const name = clean(main?.name, 200)
  return (
    own.find(one => one.uuid !== null && one.uuid === main?.uuid?.toLowerCase()) ??
    own.find(one => name !== null && one.said.name === name)
  )
}

function usagesIn(raw: unknown): string[] {
  const list = (raw as { systemUsages?: unknown } | null)?.systemUsages
  return Array.isArray(list)
    ? list.flatMap(one =>
        typeof (one as { uuid?: unknown } | null)?.uuid === 'string' ? [(one as { uuid: string }).uuid] : [],
      )
    : []
}
