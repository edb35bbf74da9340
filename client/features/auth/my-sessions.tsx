import { Button } from '@mantine/core'
import { useState } from 'react'
import { endOtherSession, endOtherSessions, listSessions, type OpenSession } from '#contract/sessions.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { browserOf } from './browser-name.ts'

/** Where one is signed in, and signing out there. */
export function MySessions() {
  const { t, instant } = useTexts()
  const query = useCall(listSessions)
  const [ending, setEnding] = useState<OpenSession | 'all' | null>(null)
  const columns: Column<OpenSession>[] = [
    {
      key: 'where',
      label: t('sessions.columns.where'),
      cell: row => (
        <>
          {browserOf(row.agent) ?? t('sessions.unknown')}
          {row.current && <span className="meta"> · {t('sessions.here')}</span>}
        </>
      ),
    },
    { key: 'since', label: t('sessions.columns.since'), cell: row => instant(row.startedAt) },
    { key: 'until', label: t('sessions.columns.until'), rank: 2, cell: row => instant(row.idleUntil) },
    {
      key: 'what',
      label: t('sessions.columns.what'),
      cell: row =>
        !row.current && (
          <Button
            variant="subtle"
            size="compact-sm"
            aria-label={t('sessions.endLabel', { where: browserOf(row.agent) ?? t('sessions.unknown') })}
            onClick={() => setEnding(row)}
          >
            {t('sessions.end')}
          </Button>
        ),
    },
  ]
  return (
    <section className="stack">
      <h2 className="section">{t('sessions.title')}</h2>
      <Answer query={query}>
        {({ sessions }) => (
          <>
            <DataTable
              caption={t('sessions.caption')}
              columns={columns}
              rows={sessions}
              rowKey={row => row.id}
              empty={<Empty title={t('sessions.none')} />}
            />
            {sessions.length > 1 && (
              <div>
                <Button variant="default" onClick={() => setEnding('all')}>
                  {t('sessions.endOthers')}
                </Button>
              </div>
            )}
          </>
        )}
      </Answer>
      {ending && <End which={ending} onClose={() => setEnding(null)} />}
    </section>
  )
}

function End(props: { which: OpenSession | 'all'; onClose: () => void }) {
  const { t } = useTexts()
  const { which, onClose } = props
  const done = () => {
    announce(t('sessions.ended'))
    onClose()
  }
  const one = useCommand(endOtherSession, done)
  const all = useCommand(endOtherSessions, done)
  const command = which === 'all' ? all : one
  const where = which === 'all' ? '' : (browserOf(which.agent) ?? t('sessions.unknown'))
  return (
    <Confirm
      title={t(which === 'all' ? 'sessions.endOthers' : 'sessions.end')}
      verb={t(which === 'all' ? 'sessions.endOthers' : 'sessions.end')}
      cancel={t('do.cancel')}
      busy={command.isPending}
      error={command.error ? t(`problem.${problemOf(command.error).code}`) : null}
      onConfirm={() => (which === 'all' ? all.mutate({}) : one.mutate({ params: { sessionId: which.id } }))}
      onClose={onClose}
    >
      <p>{which === 'all' ? t('sessions.endOthersConfirm') : t('sessions.endConfirm', { where })}</p>
    </Confirm>
  )
}
