import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconClock, IconEyeOff, IconPrinter, IconRepeat } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getProof, type ProofLine } from '#contract/lifecycle-proof.ts'
import { useCall } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { type Texts, useTexts } from '../texts/i18n.ts'
import { Card, Facts } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Page } from '../ui/page.tsx'
import { PersonLink } from '../ui/person-link.tsx'
import { Answer, Empty } from '../ui/states.tsx'
import { Status, type Tone } from '../ui/status.tsx'

const route = getRouteApi('/app/lifecycle/proof/$affiliationId')
const SIGNS = {
  kept: { tone: 'info', icon: IconRepeat },
  open: { tone: 'wait', icon: IconClock },
  unseen: { tone: 'wait', icon: IconEyeOff },
  said: { tone: 'info', icon: IconClock },
  verified: { tone: 'ok', icon: IconCircleCheck },
} as const

/** The sheet of one affiliation that has ended, line by line. */
export function ProofSheetPage() {
  const { t } = useTexts()
  const { affiliationId } = route.useParams()
  const query = useCall(getProof, { params: { affiliationId } })
  const crumbs = [
    { label: t('board.title'), to: '/lifecycle' },
    { label: t('proof.title'), to: '/lifecycle/proof' },
  ]
  const name = query.data?.row.person.name ?? t('people.protectedPerson')
  return (
    <Page
      title={query.data ? t('proof.sheet', { name }) : t('proof.title')}
      documentTitle={t('proof.title')}
      crumbs={crumbs}
      waiting={!query.data}
      actions={
        <Button variant="default" leftSection={<IconPrinter size={18} aria-hidden />} onClick={() => window.print()}>
          {t('do.print')}
        </Button>
      }
    >
      <Answer query={query}>{data => <Sheet data={data} />}</Answer>
    </Page>
  )
}

function Sheet({ data: { row, lines } }: { data: ResponseOf<typeof getProof> }) {
  const texts = useTexts()
  const { t, date, instant } = texts
  const may = useMay()
  return (
    <>
      <Card>
        <Facts
          columns
          facts={[
            {
              label: t('proof.columns.who'),
              value: may('person.read') ? (
                <PersonLink person={row.person} />
              ) : (
                (row.person.name ?? t('people.protectedPerson'))
              ),
            },
            {
              label: t('proof.columns.unit'),
              // Its hours are changed there.
              value: row.unit && (
                <Link to="/org/$unitId" params={{ unitId: row.unit.id }} className="link">
                  {row.unit.name}
                </Link>
              ),
            },
            { label: t('proof.columns.ends'), value: date(row.endsOn) },
            { label: t('proof.confirmed'), value: instant(row.confirmedAt) },
            {
              label: t('proof.counts'),
              value: lines[0] ? instant(lines[0].shouldEndAt) : date(row.endsOn),
              note: row.untilHour === null ? t('proof.midnight') : t('proof.untilHour', { hour: row.untilHour }),
            },
          ]}
        />
      </Card>
      <DataTable
        caption={t('proof.lines')}
        cards
        rows={lines}
        rowKey={line => `${line.kind}${line.system?.id}${line.name}`}
        columns={columnsOf(texts)}
        empty={<Empty title={t('proof.noLines')} good />}
      />
    </>
  )
}

function columnsOf({ t, instant }: Texts): Column<ProofLine>[] {
  const at = (value: string | null) => value && <span className="nowrap">{instant(value)}</span>
  return [
    {
      key: 'what',
      label: t('proof.what'),
      cell: line => (
        <span>
          {line.kind === 'left' ? t(`proof.left.${line.name as 'mailbox'}`) : line.name}
          {line.kind === 'unexpected' && <div className="meta">{t('proof.unexpected')}</div>}
        </span>
      ),
    },
    {
      key: 'system',
      label: t('proof.system'),
      cell: line =>
        line.system && (
          <Link to="/systems/$systemId" params={{ systemId: line.system.id }} className="link">
            {line.system.name}
          </Link>
        ),
    },
    { key: 'state', label: t('proof.stateTitle'), cell: line => <State line={line} /> },
    { key: 'should', label: t('proof.should'), rank: 2, cell: line => at(line.shouldEndAt) },
    { key: 'ended', label: t('proof.ended'), rank: 1, cell: line => at(line.endedAt) },
    { key: 'by', label: t('proof.by'), rank: 2, cell: line => line.by && t(`proof.means.${line.by}`) },
    { key: 'seen', label: t('proof.verifiedAt'), rank: 1, cell: line => at(line.verifiedAt) },
  ]
}

/** Red and its age, once it should have ended. */
function State({ line }: { line: ProofLine }) {
  const { t } = useTexts()
  const overdue = line.timing === 'overdue'
  const sign: { tone: Tone; icon: typeof IconClock } = overdue
    ? { tone: 'bad', icon: IconAlertTriangle }
    : SIGNS[line.state]
  return (
    <span>
      <Status {...sign}>{t(`proof.state.${line.state}`)}</Status>
      <div className={overdue ? 'meta bad' : 'meta'}>
        {overdue ? t('proof.age', { count: line.age ?? 0 }) : line.timing && t(`proof.timing.${line.timing}`)}
      </div>
    </span>
  )
}
