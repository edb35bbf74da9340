import { IconCheck, IconMinus, IconPlayerPause } from '@tabler/icons-react'
import { getPersonAsOf } from '#contract/people.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import classes from '../../ui/as-of.module.css'
import { Card } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'
import { endThen, Lines, originThen, purposeThen, type RightThen } from './then-three.tsx'

export function AsOfView(props: { personId: string; asOf: string; known: string | undefined }) {
  const texts = useTexts()
  const { t, date } = texts
  const query = useCall(getPersonAsOf, {
    params: { personId: props.personId },
    query: { valid: props.asOf, ...(props.known ? { known: props.known } : {}) },
  })
  const mark = (yes: boolean, rests = false) =>
    rests ? (
      <Status tone="info" icon={IconPlayerPause} plain>
        {t('enum.rightState.suspended')}
      </Status>
    ) : yes ? (
      <Status tone="ok" icon={IconCheck} plain>
        {t('do.yes')}
      </Status>
    ) : (
      <Status tone="quiet" icon={IconMinus} plain>
        {t('do.no')}
      </Status>
    )
  const columns: Column<RightThen>[] = [
    {
      key: 'right',
      label: t('person.columns.right'),
      cell: row => (
        <>
          <b style={{ fontWeight: 550 }}>{row.name}</b>
          <div className="meta">{row.system}</div>
        </>
      ),
    },
    { key: 'expected', label: t('person.asOfExpected'), cell: row => mark(row.expected, row.rests) },
    { key: 'observed', label: t('person.asOfObserved'), cell: row => mark(row.observed) },
    { key: 'origin', label: t('why.origin'), cell: row => <Lines of={originThen(row, texts)} /> },
    { key: 'purpose', label: t('why.purpose'), cell: row => <Lines of={purposeThen(row, texts)} /> },
    { key: 'end', label: t('why.end'), cell: row => endThen(row, texts) },
  ]
  return (
    <Answer query={query}>
      {answer => (
        <div className={classes.view}>
          <Card title={t('person.affiliationTitle')}>
            {answer.affiliations.length === 0 ? (
              <p className="dim">{t('person.asOfNobody')}</p>
            ) : (
              <ul className={classes.list}>
                {answer.affiliations.map(one => (
                  <li key={one.id}>
                    <b>{one.title ?? t(`enum.affiliation.${one.kind}`)}</b>
                    {one.unit && `, ${one.unit.name}`}{' '}
                    <span className="meta">{one.startsOn && t('person.periodOpen', { from: date(one.startsOn) })}</span>
                  </li>
                ))}
              </ul>
            )}
          </Card>
          <DataTable
            caption={t('person.asOfCaption')}
            columns={columns}
            rows={answer.rights}
            rowKey={row => row.key}
            cards
            empty={<Empty title={t('person.asOfEmpty')} help={t('person.asOfEmptyHelp')} />}
          />
          {answer.rights.length > 0 && <p className="meta">{t('person.asOfKept')}</p>}
        </div>
      )}
    </Answer>
  )
}
