import { Button, Group } from '@mantine/core'
import { IconCircleCheck, IconCircleX, IconClock, IconShieldLock } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import type { Approval } from '#contract/lifecycle.ts'
import { decideApproval } from '#contract/lifecycle-desk.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'
import { Status } from '../../ui/status.tsx'
import { limitTexts } from './case-words.ts'
import classes from './lifecycle.module.css'

const LOOK = {
  waiting: { tone: 'wait', icon: IconClock },
  approved: { tone: 'ok', icon: IconCircleCheck },
  refused: { tone: 'bad', icon: IconCircleX },
  withdrawn: { tone: 'quiet', icon: IconCircleX },
} as const

/** Rights that wait for a yes, large enough for a thumb; a no asks why. */
export function ApprovalLines<Row extends Approval>(props: {
  rows: readonly Row[]
  /** Whom each is for, where they are not all for one person. */
  about?: (row: Row) => ReactNode
  nameOf: (row: Row) => string
}) {
  return (
    <ul className={classes.list}>
      {props.rows.map(row => (
        <ApprovalLine key={row.id} row={row} about={props.about?.(row)} name={props.nameOf(row)} />
      ))}
    </ul>
  )
}

function ApprovalLine(props: { row: Approval; about?: ReactNode; name: string }) {
  const { t, date } = useTexts()
  const { row, name } = props
  const [refusing, setRefusing] = useState(false)
  const decide = useCommand(decideApproval, answer => {
    setRefusing(false)
    announce(answer.state === 'approved' ? t('reports.approvals.approved') : t('reports.approvals.refused'))
  })
  const right = `${row.right.system.name}: ${row.right.name}`
  const { tone, icon } = LOOK[row.state]
  const error = decide.error ? t(`problem.${problemOf(decide.error).code}`) : null
  return (
    <li className={classes.right}>
      <div className={classes.rightText}>
        {props.about}
        <div className={classes.name}>{right}</div>
        <div className={classes.marks}>
          <Status tone="protected" icon={IconShieldLock}>
            {t(`reports.approvals.because.${row.because}`)}
          </Status>
          <Status tone={tone} icon={icon}>
            {t(`reports.approvals.state.${row.state}`)}
          </Status>
        </div>
        <div className="meta">
          {[
            row.approver
              ? t('reports.rights.approver', { name: row.approver.name ?? t('people.protectedPerson') })
              : t('reports.rights.approverHr'),
            row.why,
            ...limitTexts(t, row.limits),
            row.reason,
            row.state === 'waiting' &&
              row.remindOn[0] &&
              t('reports.approvals.remind', { date: date(row.remindOn[0]) }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </div>
        {error && !refusing && <p role="alert">{error}</p>}
      </div>
      {row.allowed.decide && (
        <Group gap={8}>
          <Button
            size="sm"
            aria-label={t('reports.approvals.yesOf', { right, name })}
            loading={decide.isPending && !refusing}
            onClick={() => decide.mutate({ params: { approvalId: row.id }, body: { yes: true } })}
          >
            {t('reports.approvals.yes')}
          </Button>
          <Button
            size="sm"
            variant="outline"
            color="red"
            aria-label={t('reports.approvals.noOf', { right, name })}
            onClick={() => setRefusing(true)}
          >
            {t('reports.approvals.no')}
          </Button>
        </Group>
      )}
      {refusing && (
        <ReasonDialog
          title={t('reports.approvals.noOf', { right, name })}
          verb={t('reports.approvals.no')}
          danger
          busy={decide.isPending}
          error={error}
          onConfirm={reason => decide.mutate({ params: { approvalId: row.id }, body: { yes: false, reason } })}
          onClose={() => setRefusing(false)}
        >
          <p>{t('reports.approvals.noHelp', { right })}</p>
        </ReasonDialog>
      )}
    </li>
  )
}
