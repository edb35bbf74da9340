import { Button, Modal, TextInput, UnstyledButton } from '@mantine/core'
import { IconClock, IconLink, IconLinkOff, IconShieldCheck } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { listAudit, verifyAuditChain } from '#contract/audit.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { AuditEntry } from '../features/audit/audit-entry.tsx'
import { useActionText, useFunctionText, useSubjectText } from '../features/audit/audit-texts.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import type { Column } from '../ui/data-table.tsx'
import { Choice, Toggle } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { PersonLink } from '../ui/person-link.tsx'
import { Empty } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'

const route = getRouteApi('/app/audit')
type Row = ResponseOf<typeof listAudit>['rows'][number]
const limit = 50

export function AuditPage() {
  const { t, instant } = useTexts()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const may = useMay()
  const actionText = useActionText()
  const functionText = useFunctionText()
  const subjectText = useSubjectText()
  const [entry, setEntry] = useState<number | null>(null)
  const url = listUrl(search, navigate)
  const { change, filters, offset } = url
  const query = useCall(listAudit, { body: { ...filters, offset, limit } }, { keep: true })
  const names = new Map(query.data?.rows.flatMap(row => (row.actor ? [[row.actor.userId, row.actor.name]] : [])))
  const columns: Column<Row>[] = [
    {
      key: 'at',
      label: t('audit.columns.at'),
      cell: row => (
        <UnstyledButton
          className="link nowrap"
          style={{ fontSize: 'inherit' }}
          aria-haspopup="dialog"
          aria-label={`${instant(row.at)}, ${actionText(row.action)}, ${t('audit.details')}`}
          onClick={() => setEntry(row.id)}
        >
          {instant(row.at)}
        </UnstyledButton>
      ),
    },
    {
      key: 'actor',
      label: t('audit.columns.actor'),
      cell: row => (
        <>
          {row.actor?.name ?? t(row.actorKind === 'cli' ? 'audit.cli' : 'audit.system')}
          <div className="meta">{functionText(row.actorFunction)}</div>
        </>
      ),
    },
    { key: 'action', label: t('audit.columns.action'), cell: row => actionText(row.action) },
    {
      key: 'subject',
      label: t('audit.columns.subject'),
      rank: 3,
      cell: row =>
        row.person ? <PersonLink person={row.person} /> : <span className="meta">{subjectText(row, names)}</span>,
    },
    {
      key: 'seal',
      label: t('audit.columns.seal'),
      rank: 2,
      cell: row =>
        row.sealedAt ? (
          <Status tone="ok" icon={IconLink} plain>
            {t('audit.sealed')}
          </Status>
        ) : (
          <Status tone="quiet" icon={IconClock} plain>
            {t('audit.unsealed')}
          </Status>
        ),
    },
  ]
  return (
    <Page title={t('audit.title')} lead={t('audit.lead')} actions={may('audit.verify') && <Verify />}>
      <ListFrame
        query={query}
        caption={t('audit.caption')}
        columns={columns}
        rowKey={row => String(row.id)}
        url={url}
        filters={
          <>
            <Choice
              label={t('audit.action')}
              value={search.action}
              onChange={action => change({ action })}
              options={(query.data?.actions ?? (search.action ? [search.action] : [])).map(value => ({
                value,
                label: actionText(value),
              }))}
            />
            <TextInput
              type="date"
              label={t('audit.from')}
              value={search.from ?? ''}
              onChange={event => change({ from: event.currentTarget.value || undefined })}
            />
            <TextInput
              type="date"
              label={t('audit.to')}
              value={search.to ?? ''}
              onChange={event => change({ to: event.currentTarget.value || undefined })}
            />
            <Toggle on={search.lookup === true} onChange={on => change({ lookup: on || undefined })}>
              {t('audit.lookups')}
            </Toggle>
          </>
        }
        limit={limit}
        empty={<Empty title={t('audit.empty')} />}
      />
      <Modal
        opened={entry !== null}
        onClose={() => setEntry(null)}
        size="lg"
        title={entry === null ? '' : t('audit.entry', { id: String(entry) })}
      >
        {entry !== null && <AuditEntry id={entry} />}
      </Modal>
    </Page>
  )
}

function Verify() {
  const { t, number } = useTexts()
  const verify = useCommand(verifyAuditChain)
  const answer = verify.data
  return (
    <>
      <span role="status">
        {answer &&
          (answer.ok ? (
            <Status tone="ok" icon={IconShieldCheck}>
              {t('audit.verified', { checked: number(answer.checked), unsealed: number(answer.unsealed) })}
            </Status>
          ) : (
            <Status tone="bad" icon={IconLinkOff}>
              {t('audit.broken', { seq: answer.firstBroken?.seq ?? 0, why: answer.firstBroken?.why ?? '' })}
            </Status>
          ))}
      </span>
      <Button
        variant="default"
        loading={verify.isPending}
        leftSection={<IconShieldCheck size={18} aria-hidden />}
        onClick={() => verify.mutate({})}
      >
        {t('audit.verify')}
      </Button>
    </>
  )
}
