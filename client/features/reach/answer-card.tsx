import { IconAlertCircle, IconCircleCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReachSearch } from '../../lib/search.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Empty, Waiting } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'
import { Difference } from './difference.tsx'
import { HowStatus } from './how-status.tsx'
import classes from './reach.module.css'
import { codesOf, type ReachData, useTermNames } from './reach-words.ts'

type Why = ReachData['why'][number]

/** The answer in one sentence, and why: through which activities and systems, each with its people. */
export function AnswerCard({ reach, search, why }: { reach: ReachData; search: ReachSearch; why: boolean }) {
  const { t, number, date } = useTexts()
  const names = useTermNames(reach)
  const { asked } = reach
  const question = { data: codesOf(search.data), subjects: codesOf(search.about) }
  if (question.data.length + question.subjects.length === 0) return null
  // Figures of the question before may still stand there while those of this one come.
  if (!asked) return <Card>{reach.kept ? t('reach.keptSeveral') : <Waiting />}</Card>
  const what = names.question(question)
  const columns: Column<Why>[] = [
    {
      key: 'activity',
      label: t('reach.columns.activity'),
      cell: row =>
        row.activity ? (
          <Link to="/activities/$activityId" params={{ activityId: row.activity.id }} className="link">
            {row.activity.ref} {row.activity.name}
          </Link>
        ) : (
          t('reach.noActivity')
        ),
    },
    {
      key: 'system',
      label: t('reach.columns.system'),
      cell: row => (
        <Link to="/systems/$systemId" params={{ systemId: row.system.id }} className="link">
          {row.system.name}
        </Link>
      ),
    },
    { key: 'how', label: t('reach.columns.how'), rank: 2, cell: row => <HowStatus how={row.how} /> },
    {
      key: 'people',
      label: t('reach.columns.people'),
      number: true,
      cell: row => (
        <Link
          to="/reach"
          search={{
            ...search,
            view: 'people',
            system: row.system.id,
            activity: row.activity?.id,
            how: row.how,
            offset: undefined,
          }}
          className="link"
          aria-label={`${number(row.people)} ${t('reach.columns.people')}: ${row.activity?.name ?? t('reach.noActivity')}, ${row.system.name}, ${t(`reach.how.${row.how}`)}`}
        >
          {number(row.people)}
        </Link>
      ),
    },
  ]
  return (
    <Card
      aside={
        !reach.kept &&
        asked.people > 0 && (
          <Link to="/reach" search={{ ...search, view: 'people', offset: undefined }} className="link">
            {t('reach.showPeople')}
          </Link>
        )
      }
      title={
        reach.kept
          ? t('reach.answerKept', { count: asked.people, what, date: date(reach.day) })
          : t('reach.answer', { count: asked.people, what })
      }
    >
      <ul className={classes.parts}>
        <li>
          <Status tone="ok" icon={IconCircleCheck} plain>
            {search.operation && !reach.kept
              ? t('reach.answerConstrainedTo', {
                  count: asked.constrained,
                  does: t(`reach.to.${search.operation}`),
                })
              : t('reach.answerConstrained', { count: asked.constrained })}
          </Status>
        </li>
        <li>
          <Status tone={asked.unexplained > 0 ? 'bad' : 'quiet'} icon={IconAlertCircle} plain>
            {t('reach.answerUnexplained', { count: asked.unexplained })}
          </Status>
        </li>
      </ul>
      {reach.apart && asked.people > 0 && <Difference apart={reach.apart} operation={search.operation} />}
      {why && reach.why.length > 0 && (
        <>
          <h3 className={classes.heading}>{t('reach.why')}</h3>
          <DataTable
            caption={t('reach.whyCaption')}
            columns={columns}
            rows={reach.why}
            rowKey={row => `${row.activity?.id ?? ''} ${row.system.id} ${row.how}`}
            cards
            empty={<Empty title={t('reach.empty')} />}
          />
          {reach.whyTotal > reach.why.length && (
            <p className="meta">{t('reach.whyMore', { count: reach.why.length, total: number(reach.whyTotal) })}</p>
          )}
        </>
      )}
    </Card>
  )
}
