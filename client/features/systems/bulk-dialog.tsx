import { Button, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { changeSheets, previewSheets } from '#contract/catalogue.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { SHEET, type SheetField, type SheetMistake, sheetFields } from '#contract/sheet.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { mistakesOf, sentMistakes, toGiven } from './sheet-draft.ts'
import { SheetInput } from './sheet-fields.tsx'
import { useValueText } from './sheet-value.tsx'
import { fieldKey } from './value-text.ts'

const SHOWN = 10
const FIELDS = sheetFields.filter(field => SHEET[field].bulk)

/** One fact for many systems: choose it, see what will happen, then do it. */
export function BulkDialog(props: {
  systems: readonly string[]
  onDone: (answer: ResponseOf<typeof changeSheets>) => void
  onClose: () => void
}) {
  const { t } = useTexts()
  const text = useValueText()
  const [field, setField] = useState<SheetField>('status')
  const [value, setValue] = useState<unknown>(null)
  const [reason, setReason] = useState('')
  const [mistakes, setMistakes] = useState<SheetMistake[]>([])
  const [problem, setProblem] = useState<string | null>(null)
  const preview = useCommand(previewSheets)
  const change = useCommand(changeSheets, props.onDone)
  const body = { systems: [...props.systems], set: toGiven({ [field]: value }), release: [] }
  const plan = preview.data
  const todo = plan?.rows.filter(row => row.refused === null && row.changes.length > 0) ?? []
  const refused = plan?.rows.filter(row => row.refused !== null).length ?? 0
  const same = (plan?.rows.length ?? 0) - todo.length - refused
  const failed = (error: unknown) => {
    const { code, errors } = problemOf(error)
    if (code === 'data-invalid') setMistakes(sentMistakes(errors))
    else if (code === 'plan-stale') {
      preview.reset()
      setProblem(t('problem.plan-stale'))
    } else setProblem(code === 'reason-needed' ? t('catalogue.reasonNeeded') : t(`problem.${code}`))
  }
  const look = () => {
    setProblem(null)
    const found = mistakesOf({ [field]: value })
    setMistakes(found)
    if (found.length === 0) preview.mutate({ body }, { onError: failed })
  }
  const other = (next: () => void) => {
    next()
    preview.reset()
    setMistakes([])
    setProblem(null)
  }
  return (
    <Modal opened size="lg" onClose={props.onClose} title={t('catalogue.bulk.title', { count: props.systems.length })}>
      <form
        noValidate
        onSubmit={event => {
          event.preventDefault()
          if (plan && todo.length > 0)
            change.mutate({ body: { ...body, hash: plan.hash, reason: reason.trim() || null } }, { onError: failed })
          else look()
        }}
      >
        <Stack gap={16}>
          <NativeSelect
            data-autofocus
            label={t('catalogue.bulk.field')}
            value={field}
            data={FIELDS.map(one => ({ value: one, label: t(fieldKey(one)) }))}
            onChange={event => {
              const next = event.currentTarget.value as SheetField
              other(() => {
                setField(next)
                setValue(null)
              })
            }}
          />
          <SheetInput
            field={field}
            value={value}
            errors={new Map(mistakes.map(one => [one.where, t(`catalogue.mistake.${one.code}`)]))}
            onChange={next => other(() => setValue(next))}
          />
          {plan && (
            <>
              {todo.length > 0 ? (
                <DataTable
                  caption={t('catalogue.bulk.caption')}
                  columns={[
                    { key: 'system', label: t('catalogue.bulk.columns.system'), cell: row => row.system.name },
                    {
                      key: 'before',
                      label: t('catalogue.bulk.columns.before'),
                      cell: row => text(field, row.changes[0]?.before),
                    },
                    {
                      key: 'after',
                      label: t('catalogue.bulk.columns.after'),
                      cell: row => nameIn(value) ?? text(field, row.changes[0]?.after),
                    },
                  ]}
                  rows={todo.slice(0, SHOWN)}
                  rowKey={row => row.system.id}
                  empty={null}
                />
              ) : (
                <p role="status">{t('catalogue.bulk.nothing')}</p>
              )}
              <p className="meta">
                {[
                  todo.length > SHOWN && t('catalogue.bulk.more', { count: todo.length - SHOWN }),
                  same > 0 && t('catalogue.bulk.same', { count: same }),
                  refused > 0 && t('catalogue.bulk.refused', { count: refused }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
              {todo.length > 0 && (
                <TextInput
                  label={t('catalogue.reason')}
                  description={t('catalogue.reasonHint')}
                  value={reason}
                  maxLength={500}
                  autoComplete="off"
                  onChange={event => setReason(event.currentTarget.value)}
                />
              )}
            </>
          )}
          {problem && <p role="alert">{problem}</p>}
          <Group gap={8}>
            <Button type="submit" loading={preview.isPending || change.isPending}>
              {todo.length > 0 ? t('catalogue.bulk.apply', { count: todo.length }) : t('catalogue.bulk.preview')}
            </Button>
            <Button variant="default" onClick={props.onClose}>
              {t('do.cancel')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** A picked person or unit is shown by name, not by the id that is sent. */
const nameIn = (value: unknown): string | null =>
  value !== null && typeof value === 'object' && 'name' in value ? String((value as { name: unknown }).name) : null
