import { Button, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useState } from 'react'
import type { BodyInput, ResponseOf } from '#contract/endpoint.ts'
import { type listMappings, previewPattern } from '#contract/mappings.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import classes from '../../ui/desk.module.css'
import { RightPicker } from '../../ui/right-picker.tsx'
import type { Step } from './use-mapping-change.ts'

export type Mapping = ResponseOf<typeof listMappings>['rows'][number]
type Input = BodyInput<typeof previewPattern>
type Live = ResponseOf<typeof previewPattern>

/** A pattern, the right it gives and, while one writes, what it catches. Saving leads to the preview of the change. */
export function MappingForm(props: {
  mapping: Mapping | null
  sources: readonly string[]
  onPreview: (steps: Step[]) => void
  onClose: () => void
}) {
  const { t } = useTexts()
  const { mapping } = props
  const [source, setSource] = useState(mapping?.source ?? props.sources[0] ?? '')
  const [pattern, setPattern] = useState(mapping?.pattern ?? '')
  const [right, setRight] = useState(mapping?.entitlement ?? '')
  const [place, setPlace] = useState<'first' | 'last'>('last')
  const [wrong, setWrong] = useState(false)
  const said = pattern.trim()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const missing = said === '' || right.trim() === ''
    setWrong(missing)
    if (missing) return
    const add: Step = { do: 'add', source, pattern: said, entitlement: right.trim(), place }
    props.onPreview(mapping ? [{ do: 'remove', mapping: mapping.id }, add] : [add])
  }
  return (
    <Modal opened onClose={props.onClose} size="xl" title={t(mapping ? 'mapping.edit' : 'mapping.new')}>
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          <NativeSelect
            label={t('mapping.source')}
            value={source}
            onChange={event => setSource(event.currentTarget.value)}
            data={[...props.sources]}
          />
          <TextInput
            label={t('mapping.pattern')}
            description={t('mapping.patternHint')}
            value={pattern}
            maxLength={256}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            error={wrong && said === '' ? t('mapping.patternMissing') : undefined}
            onChange={event => setPattern(event.currentTarget.value)}
          />
          <TextInput
            label={t('mapping.right')}
            description={t('mapping.rightHint')}
            value={right}
            maxLength={300}
            autoComplete="off"
            spellCheck={false}
            error={wrong && right.trim() === '' ? t('mapping.rightMissing') : undefined}
            onChange={event => setRight(event.currentTarget.value)}
          />
          <RightPicker label={t('entitlement.search')} onPick={picked => setRight(picked.key)} />
          <NativeSelect
            label={t('mapping.place')}
            value={place}
            onChange={event => setPlace(event.currentTarget.value === 'first' ? 'first' : 'last')}
            data={(['last', 'first'] as const).map(value => ({ value, label: t(`mapping.places.${value}`) }))}
          />
          <LiveCatch
            input={
              said === ''
                ? null
                : {
                    source,
                    pattern: said,
                    place,
                    ...(right.trim() ? { entitlement: right.trim() } : {}),
                    ...(mapping ? { replaces: mapping.id } : {}),
                  }
            }
          />
          <Group gap={8}>
            <Button type="submit">{t('mapping.see')}</Button>
            <Button variant="default" onClick={props.onClose}>
              {t('do.cancel')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** Asked a moment after the last key, so that one answer stands for a word. */
function LiveCatch(props: { input: Input | null }) {
  const { t, number } = useTexts()
  const [asked, setAsked] = useState<Input | null>(props.input)
  const now = JSON.stringify(props.input)
  // biome-ignore lint/correctness/useExhaustiveDependencies: compared by what it says, not by being the same object
  useEffect(() => {
    const timer = setTimeout(() => setAsked(props.input), 250)
    return () => clearTimeout(timer)
  }, [now])
  const query = useCall(previewPattern, { body: asked as Input }, { enabled: asked !== null, keep: true })
  const answer = asked ? query.data : undefined
  const columns: Column<Live['rows'][number]>[] = [
    { key: 'name', label: t('mapping.liveColumns.group'), cell: row => row.name },
    {
      key: 'members',
      label: t('mapping.liveColumns.members'),
      number: true,
      rank: 2,
      cell: row => number(row.members),
    },
    {
      key: 'gives',
      label: t('mapping.liveColumns.gives'),
      cell: row =>
        row.gives &&
        (row.known ? (
          row.gives
        ) : (
          <span className={classes.wrong}>{`${row.gives} (${t('mapping.issues.unknown-right')})`}</span>
        )),
    },
    { key: 'now', label: t('mapping.liveColumns.now'), rank: 3, cell: row => row.now },
  ]
  return (
    <>
      <div aria-live="polite">
        {answer ? (
          <p>
            <b>{answer.total === 0 ? t('mapping.caughtNone') : t('mapping.caught', { count: answer.total })}</b>
            {(['given', 'taken', 'unknown'] as const)
              .filter(key => answer[key] > 0)
              .map(key => `. ${t(`mapping.${key}`, { count: answer[key] })}`)
              .join('')}
            {answer.conflicts > 0 && `. ${t('mapping.disagree', { count: answer.conflicts })}`}.
          </p>
        ) : (
          <p className="meta">{t('mapping.typing')}</p>
        )}
        {answer?.problem && <p className={classes.wrong}>{t(`mapping.wrong.${answer.problem}`)}</p>}
      </div>
      {answer && answer.rows.length > 0 && (
        <DataTable
          caption={t('mapping.liveCaption')}
          columns={columns}
          rows={answer.rows.slice(0, 12)}
          rowKey={row => row.id}
          empty={null}
        />
      )}
      {answer && answer.total > 12 && <p className="meta">{t('mapping.more', { count: answer.total - 12 })}</p>}
    </>
  )
}
