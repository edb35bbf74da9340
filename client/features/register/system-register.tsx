import { IconAlertCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getSystemRegister } from '#contract/reach.ts'
import { useCall } from '../../lib/query.ts'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card, Facts } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'
import { periodWords } from './content-words.ts'

type Register = ResponseOf<typeof getSystemRegister>
type Activity = Register['activities'][number]
type Reached = NonNullable<Register['reach']>['rows'][number]

/** What the register says of a system: activities with when they erase, bindings, what it gives access to, deletion, logging. */
export function SystemRegister({ systemId }: { systemId: string }) {
  const query = useCall(getSystemRegister, { params: { systemId } })
  return <Answer query={query}>{found => <Found register={found} systemId={systemId} />}</Answer>
}

function Found({ register, systemId }: { register: Register; systemId: string }) {
  const texts = useTexts()
  const { t, number, date, language } = texts
  const may = useMay()
  const terms = new Map([...register.data, ...register.subjects].map(one => [one.code, one]))
  const name = (code: string) => {
    const term = terms.get(code)
    return term ? (language === 'da' ? term.da : term.en) : code
  }
  const { reach, bindings, deletion, logging } = register
  const activities: Column<Activity>[] = [
    {
      key: 'activity',
      label: t('reach.columns.activity'),
      cell: row => (
        <>
          <Link to="/activities/$activityId" params={{ activityId: row.id }} className="link">
            {row.ref} {row.name}
          </Link>
          <div className="meta">{row.stated ? row.use : t('reach.systemPage.notStated')}</div>
        </>
      ),
    },
    {
      key: 'owner',
      label: t('reach.systemPage.owner'),
      rank: 1,
      cell: row => row.owner && <PersonLink person={row.owner} />,
    },
    {
      key: 'erasure',
      label: t('reach.systemPage.erasure'),
      rank: 2,
      cell: row =>
        row.erasure.length === 0
          ? t('reach.systemPage.noErasure')
          : row.erasure.map(rule => (
              <div key={`${rule.startEvent} ${rule.period}`}>
                {t('reach.systemPage.rule', {
                  start: rule.startEvent,
                  period: rule.period ? periodWords(texts, rule.period) : t('reach.systemPage.noPeriod'),
                })}
                <div className="meta">
                  {[t(`reach.systemPage.archive.${rule.archive}`), rule.data.map(name).join(', ')]
                    .filter(Boolean)
                    .join(' · ')}
                </div>
              </div>
            )),
    },
  ]
  const reached: Column<Reached>[] = [
    {
      key: 'data',
      label: t('reach.columns.data'),
      cell: row => (
        <>
          <Link to="/reach" search={{ system: systemId, data: row.data }} className="link">
            {name(row.data)}
          </Link>
          <div className="meta">{row.subjects.map(name).join(', ')}</div>
        </>
      ),
    },
    { key: 'people', label: t('reach.maximumShort'), number: true, cell: row => number(row.people) },
    {
      key: 'constrained',
      label: t('reach.constrainedShort'),
      number: true,
      rank: 1,
      cell: row => number(row.constrained),
    },
    { key: 'unexplained', label: t('reach.unexplainedShort'), number: true, cell: row => number(row.unexplained) },
  ]
  return (
    <div className="stack">
      <section className="stack">
        <h2 className="section">{t('reach.systemPage.activities')}</h2>
        <DataTable
          caption={t('reach.systemPage.activities')}
          columns={activities}
          rows={register.activities}
          rowKey={row => row.id}
          empty={<Empty title={t('reach.systemPage.noActivities')} />}
        />
      </section>
      <Card title={t('reach.systemPage.bindings')}>
        <p>
          {t('reach.systemPage.bindingsCount', {
            ...{ counts: bindings.counts, waits: bindings.waits, rights: bindings.rights },
          })}{' '}
          {may('binding.read') && (
            <Link to="/bindings/list" search={{ system: systemId }} className="link">
              {t('reach.systemPage.bindingsShow')}
            </Link>
          )}
        </p>
      </Card>
      {reach && (
        <section className="stack">
          <h2 className="section">{t('reach.systemPage.reach')}</h2>
          {reach.rows.length > 0 && (
            <p>
              <Status tone={reach.all.unexplained > 0 ? 'bad' : 'quiet'} icon={IconAlertCircle} plain>
                {t('reach.systemPage.reachCount', {
                  ...{ people: number(reach.all.people), unexplained: number(reach.all.unexplained) },
                })}
              </Status>{' '}
              <Link to="/reach" search={{ system: systemId }} className="link">
                {t('reach.systemPage.reachShow')}
              </Link>
            </p>
          )}
          <DataTable
            caption={t('reach.systemPage.caption')}
            columns={reached}
            rows={reach.rows}
            rowKey={row => row.data}
            empty={<Empty title={t('reach.systemPage.noReach')} />}
          />
        </section>
      )}
      <Card>
        <Facts
          facts={[
            {
              label: t('reach.systemPage.deletion'),
              value: t(
                deletion.defined === null
                  ? 'reach.systemPage.notSaid'
                  : deletion.defined
                    ? 'reach.systemPage.deletionYes'
                    : 'reach.systemPage.deletionNo',
              ),
              note: deletion.next ? t('reach.systemPage.deletionNext', { date: date(deletion.next) }) : undefined,
            },
            {
              label: t('reach.systemPage.logging'),
              value: logging.kept
                ? t(`catalogue.choice.logKept.${logging.kept}`)
                : t(
                    logging.measure === null
                      ? 'reach.systemPage.notSaid'
                      : logging.measure
                        ? 'reach.systemPage.loggingYes'
                        : 'reach.systemPage.loggingNo',
                  ),
            },
            ...(logging.fields.length > 0
              ? [{ label: t('catalogue.field.logFields'), value: logging.fields.join(', ') }]
              : []),
            ...(logging.months === null
              ? []
              : [
                  {
                    label: t('catalogue.field.logMonths'),
                    value: number(logging.months),
                    note: logging.reason ?? t('reach.systemPage.loggingNoReason'),
                  },
                ]),
            ...(logging.readers ? [{ label: t('catalogue.field.logReaders'), value: logging.readers }] : []),
            ...(logging.kept && logging.kept !== 'none'
              ? [
                  {
                    label: t('catalogue.field.logVerified'),
                    value: logging.verified ? date(logging.verified) : t('reach.systemPage.notSaid'),
                  },
                ]
              : []),
          ]}
        />
      </Card>
    </div>
  )
}
