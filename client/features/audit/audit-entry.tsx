import { Code } from '@mantine/core'
import { getAuditEntry } from '#contract/audit.ts'
import { useCall } from '../../lib/query.ts'
import { fieldText } from '../../texts/field-text.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Facts } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { Answer, Empty, Waiting } from '../../ui/states.tsx'
import { useActionText, useFunctionText, useSubjectText } from './audit-texts.ts'
import { type Change, changesOf } from './changes.ts'

export function AuditEntry(props: { id: number }) {
  const { t, instant } = useTexts()
  const actionText = useActionText()
  const functionText = useFunctionText()
  const subjectText = useSubjectText()
  const query = useCall(getAuditEntry, { params: { entryId: props.id } })
  const columns: Column<Change>[] = [
    { key: 'field', label: t('audit.field'), cell: row => fieldText(t, row.field) },
    { key: 'before', label: t('audit.before'), cell: row => row.before },
    { key: 'after', label: t('audit.after'), cell: row => row.after },
  ]
  return (
    <Answer query={query} waiting={<Waiting rows={2} />}>
      {entry => {
        const changes = changesOf(entry.before, entry.after)
        return (
          <div className="stack">
            <Facts
              columns
              facts={[
                { label: t('audit.columns.at'), value: instant(entry.at) },
                {
                  label: t('audit.columns.actor'),
                  value: `${entry.actor?.name ?? t(entry.actorKind === 'cli' ? 'audit.cli' : 'audit.system')} (${functionText(entry.actorFunction)})`,
                },
                { label: t('audit.columns.action'), value: actionText(entry.action) },
                {
                  label: t('audit.columns.subject'),
                  value: entry.person ? <PersonLink person={entry.person} /> : subjectText(entry),
                },
                ...(entry.seal
                  ? [
                      {
                        label: t('audit.columns.seal'),
                        value: (
                          <span>
                            {entry.seal.seq} <Code>{entry.seal.hash.slice(0, 16)}…</Code>
                          </span>
                        ),
                      },
                    ]
                  : []),
              ]}
            />
            {entry.erasedAt ? (
              <p className="dim">{t('audit.erased')}</p>
            ) : changes.length > 0 ? (
              <DataTable
                caption={t('audit.changesCaption')}
                columns={columns}
                rows={changes}
                rowKey={row => row.field}
                empty={<Empty title={t('audit.noChange')} />}
              />
            ) : (
              <p className="dim">{t('audit.noChange')}</p>
            )}
            {entry.detail !== null && entry.detail !== undefined && (
              <div>
                <h3 style={{ fontSize: '0.875rem' }}>{t('audit.detail')}</h3>
                <Code block>{JSON.stringify(entry.detail, null, 2)}</Code>
              </div>
            )}
          </div>
        )
      }}
    </Answer>
  )
}
