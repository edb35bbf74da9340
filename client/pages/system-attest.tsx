import { Button, TextInput } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { attestSheet, getSheet } from '#contract/catalogue.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { listSystems } from '#contract/systems.ts'
import type { SheetAnswer } from '../features/systems/sheet-value.tsx'
import classes from '../features/systems/systems.module.css'
import { problemOf } from '../lib/call.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Card } from '../ui/card.tsx'
import { Page } from '../ui/page.tsx'
import { Answer } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'
import { SheetGroups } from './system-sheet.tsx'

const route = getRouteApi('/app/systems/$systemId/attest')

/** The yearly question: read through, correct in place, one click. */
export function SystemAttestPage() {
  const { t } = useTexts()
  const { systemId } = route.useParams()
  const query = useCall(getSheet, { params: { systemId } })
  const sheet = query.data
  return (
    <Page
      title={sheet ? t('catalogue.attest.titleOf', { name: sheet.system.name }) : t('catalogue.attest.title')}
      section={t('systems.title')}
      lead={t('catalogue.attest.lead')}
      waiting={!sheet}
      crumbs={[
        { label: t('systems.title'), to: '/systems' },
        ...(sheet ? [{ label: sheet.system.name, to: '/systems/$systemId/sheet', params: { systemId } }] : []),
      ]}
    >
      <Answer query={query}>
        {found => <Question key={systemId} sheet={found} refresh={() => void query.refetch()} />}
      </Answer>
    </Page>
  )
}

function Question(props: { sheet: SheetAnswer; refresh: () => void }) {
  const { t, date, instant } = useTexts()
  const { sheet } = props
  const [note, setNote] = useState('')
  const [receipt, setReceipt] = useState<ResponseOf<typeof attestSheet> | null>(null)
  const attest = useCommand(attestSheet, answer => {
    setReceipt(answer)
    announce(t('catalogue.attest.receipt', { when: instant(answer.at), due: date(answer.due) }))
  })
  const next = useCall(
    listSystems,
    { query: { gap: 'attest', own: 'true', sort: 'attestDue', limit: 2 } },
    { enabled: receipt !== null },
  )
  const following = next.data?.rows.find(row => row.id !== sheet.system.id)
  if (receipt)
    return (
      <Card>
        <div className={classes.stack}>
          <Status tone="ok" icon={IconCircleCheck}>
            {t('catalogue.attest.receipt', { when: instant(receipt.at), due: date(receipt.due) })}
          </Status>
          <div className={classes.actions}>
            <Button component={Link} to={`/systems/${sheet.system.id}/sheet`} variant="default">
              {t('catalogue.attest.back')}
            </Button>
            {following && (
              <Button component={Link} to={`/systems/${following.id}/attest`}>
                {t('catalogue.attest.next')}: {following.name}
              </Button>
            )}
          </div>
        </div>
      </Card>
    )
  return (
    <>
      <SheetGroups {...props} />
      {sheet.allowed.change && (
        <Card>
          <form
            className={classes.stack}
            onSubmit={event => {
              event.preventDefault()
              attest.mutate({
                params: { systemId: sheet.system.id },
                body: { version: sheet.version, note: note.trim() || null },
              })
            }}
          >
            <TextInput
              label={t('catalogue.attest.note')}
              description={t('catalogue.attest.noteHint')}
              value={note}
              maxLength={500}
              autoComplete="off"
              onChange={event => setNote(event.currentTarget.value)}
            />
            {attest.isError && (
              <p role="alert">
                {problemOf(attest.error).code === 'conflict'
                  ? t('catalogue.conflict')
                  : t(`problem.${problemOf(attest.error).code}`)}
              </p>
            )}
            <div className={classes.actions}>
              <Button type="submit" loading={attest.isPending}>
                {t('catalogue.attest.yes')}
              </Button>
            </div>
          </form>
        </Card>
      )}
      {sheet.attestations.length > 0 && (
        <Card title={t('catalogue.attest.before')}>
          <ul className={classes.list}>
            {sheet.attestations.map(one => (
              <li key={one.at}>
                {t('catalogue.confirmed', { when: instant(one.at), by: one.by ?? '–' })},{' '}
                {t(one.changed ? 'catalogue.attest.changed' : 'catalogue.attest.unchanged')}
                {one.note && <div className="meta">{one.note}</div>}
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  )
}
