import { Button } from '@mantine/core'
import { IconEqual, IconEqualNot } from '@tabler/icons-react'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { comparePeople } from '#contract/pages.ts'
import { type Texts, useTexts } from '../../texts/i18n.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { Status } from '../../ui/status.tsx'
import classes from './pages.module.css'

type Compared = ResponseOf<typeof comparePeople>
type Fact = Compared['a']['facts'][number]

const FACTS = ['unit', 'title', 'position', 'kind', 'fraction'] as const

/** A fact of all affiliations of somebody, in words. */
function factText(facts: readonly Fact[], key: (typeof FACTS)[number], { t, number }: Pick<Texts, 't' | 'number'>) {
  const one = (fact: Fact): string | null => {
    if (key === 'unit') return fact.unit?.name ?? null
    if (key === 'kind') return t(`enum.affiliation.${fact.kind}`)
    if (key === 'fraction') return fact.fraction === null ? null : `${number(Math.round(fact.fraction * 100))} %`
    return fact[key]
  }
  return [...new Set(facts.map(one).filter(text => text !== null))].join(', ')
}

const FACT_LABEL = {
  unit: 'pages.compare.factUnit',
  title: 'pages.compare.factTitle',
  position: 'pages.compare.factPosition',
  kind: 'pages.compare.factKind',
  fraction: 'pages.compare.factFraction',
} as const

/** What two people are, what differs first. */
export function FactsTable(props: { answer: Compared; onOther: () => void }) {
  const texts = useTexts()
  const { t } = texts
  const { a, b } = props.answer
  const rows = FACTS.map(key => ({
    key,
    a: factText(a.facts, key, texts),
    b: factText(b.facts, key, texts),
  })).sort((x, y) => Number(x.a === x.b) - Number(y.a === y.b))
  return (
    <section className="stack">
      <h2 className="section">{t('pages.compare.facts')}</h2>
      <div className={classes.pair}>
        <PersonLink person={a.person} />
        <span aria-hidden>↔</span>
        <PersonLink person={b.person} />
        <Button variant="default" size="compact-sm" className="no-print" onClick={props.onOther}>
          {t('pages.compare.other')}
        </Button>
      </div>
      <DataTable
        caption={t('pages.compare.factsCaption')}
        columns={[
          {
            key: 'fact',
            label: t('pages.compare.fact'),
            cell: row => (
              <>
                {t(FACT_LABEL[row.key])}
                <div>
                  <Status
                    tone={row.a === row.b ? 'quiet' : 'wait'}
                    icon={row.a === row.b ? IconEqual : IconEqualNot}
                    plain
                  >
                    {t(row.a === row.b ? 'pages.compare.same' : 'pages.compare.differs')}
                  </Status>
                </div>
              </>
            ),
          },
          {
            key: 'a',
            label: a.person.name ?? t('people.protectedPerson'),
            cell: row => row.a || <span className="meta">{t('pages.compare.nothing')}</span>,
          },
          {
            key: 'b',
            label: b.person.name ?? t('people.protectedPerson'),
            cell: row => row.b || <span className="meta">{t('pages.compare.nothing')}</span>,
          },
        ]}
        rows={rows}
        rowKey={row => row.key}
        empty={null}
      />
    </section>
  )
}
