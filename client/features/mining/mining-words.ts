import type { MiningRunRow, ProposalRow } from '#contract/mining.ts'
import { useTexts } from '../../texts/i18n.ts'

/** What a description, a proposal and a search are called. */
export function useMiningWords() {
  const { t, day } = useTexts()
  const who = ({ unit, position }: ProposalRow['description']): string =>
    unit && position
      ? t('mining.who.both', { unit: unit.name, position: position.name })
      : unit
        ? t('mining.who.unit', { unit: unit.name })
        : position
          ? t('mining.who.position', { position: position.name })
          : t('mining.who.nobody')
  return {
    who,
    line: (row: ProposalRow): string =>
      [
        t('mining.lineRights', { count: row.rights }),
        t('mining.linePeople', { count: row.holders }),
        t('mining.lineFit', { hits: row.hits, meets: row.meets }),
      ].join(' · '),
    run: (run: MiningRunRow): string =>
      t('mining.runLabel', {
        scope: run.scope.kind === 'all' ? t('mining.scope.all') : (run.scopeName ?? t('mining.scope.gone')),
        aim: t(`mining.aimShort.${run.aim}`),
        when: day(run.startedAt),
      }),
  }
}

/** Half of those whom it fits, or half of those who hold it, are other people: then the words say little. */
export const fitsPoorly = (one: { hits: number; meets: number; holders: number }): boolean =>
  one.hits * 2 < one.meets || one.hits * 2 < one.holders
