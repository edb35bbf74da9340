import { Button, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { changedPlace, type listMappings, previewMappings } from '#contract/mappings.ts'
import { type Problem, problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import classes from '../../ui/desk.module.css'
import { RightPicker } from '../../ui/right-picker.tsx'
import { ChangeEffect } from './change-preview.tsx'
import { LiveCatch } from './live-catch.tsx'
import type { MappingChange, Step } from './use-mapping-change.ts'

export type Mapping = ResponseOf<typeof listMappings>['rows'][number]
type Place = (typeof changedPlace.options)[number]
type Field = 'source' | 'pattern' | 'right'
/** The server's words for the fields. */
const FIELDS: Record<string, Field> = { source: 'source', pattern: 'pattern', entitlement: 'right' }
const WRONG = [
  'mapping-unknown-star',
  'entitlement-key-invalid',
  'entitlement-unknown',
  'source-unknown',
  'mapping-exists',
  'mapping-unchanged',
] as const
const isWrong = (what: string): what is (typeof WRONG)[number] => (WRONG as readonly string[]).includes(what)

/**
 * A pattern, the right it gives and, while one writes, what it catches; then what it would do. What was typed stays
 * until the server has carried it out: a refusal is said at the field that it is about, and one may go back.
 */
export function MappingForm(props: {
  mapping: Mapping | null
  sources: readonly string[]
  change: MappingChange
  onClose: () => void
}) {
  const { t } = useTexts()
  const { mapping, change } = props
  const [source, setSource] = useState(mapping?.source ?? props.sources[0] ?? '')
  const [pattern, setPattern] = useState(mapping?.pattern ?? '')
  const [right, setRight] = useState(mapping?.entitlement ?? '')
  const [place, setPlace] = useState<Place>(mapping ? 'keep' : 'last')
  const [wrong, setWrong] = useState<Partial<Record<Field, string>>>({})
  const preview = useCommand(previewMappings)
  const form = useRef<HTMLFormElement>(null)
  const [said, wanted] = [pattern.trim(), right.trim()]
  const content = { source, pattern: said, entitlement: wanted }
  const steps: Step[] = [
    mapping
      ? { do: 'change', mapping: mapping.id, ...content, place }
      : { do: 'add', ...content, place: place === 'first' ? 'first' : 'last' },
  ]
  useEffect(() => {
    if (Object.keys(wrong).length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [wrong])
  const seen = preview.data !== undefined
  const back = useRef(false)
  useEffect(() => {
    if (!seen && back.current) form.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus()
    back.current = seen
  }, [seen])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (preview.isPending) return
    const missing: typeof wrong = {
      ...(said === '' ? { pattern: t('mapping.patternMissing') } : {}),
      ...(wanted === '' ? { right: t('mapping.rightMissing') } : {}),
    }
    setWrong(missing)
    if (Object.keys(missing).length > 0) return
    preview.mutate({ body: { steps } }, { onError: error => setWrong(atFields(problemOf(error))) })
  }
  const atFields = (problem: Problem): typeof wrong =>
    Object.fromEntries(
      problem.errors.flatMap(({ path, message }) => {
        const field = FIELDS[path]
        return field && isWrong(message) ? [[field, t(`mapping.wrong.${message}`)]] : []
      }),
    )
  /** What is typed answers what was wrong. */
  const clear = (field: Field) => {
    preview.reset()
    setWrong(({ [field]: _, ...others }) => others)
  }
  const close = () => {
    change.reset()
    props.onClose()
  }
  const refused = preview.error && Object.keys(wrong).length === 0 ? problemOf(preview.error).code : null
  const places = mapping ? changedPlace.options : (['last', 'first'] as const)
  return (
    <Modal opened onClose={close} size="xl" title={t(mapping ? 'mapping.edit' : 'mapping.new')}>
      {preview.data ? (
        <ChangeEffect
          {...{ preview: preview.data, steps, change, said: t('mapping.changed') }}
          onDone={props.onClose}
          onCancel={() => {
            change.reset()
            preview.reset()
          }}
          back
        />
      ) : (
        <form ref={form} onSubmit={submit} noValidate>
          <Stack gap={16}>
            <NativeSelect
              label={t('mapping.source')}
              value={source}
              error={wrong.source}
              onChange={event => {
                setSource(event.currentTarget.value)
                clear('source')
              }}
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
              error={wrong.pattern}
              onChange={event => {
                setPattern(event.currentTarget.value)
                clear('pattern')
              }}
            />
            <TextInput
              label={t('mapping.right')}
              description={t('mapping.rightHint')}
              value={right}
              maxLength={300}
              autoComplete="off"
              spellCheck={false}
              error={wrong.right}
              onChange={event => {
                setRight(event.currentTarget.value)
                clear('right')
              }}
            />
            <RightPicker
              label={t('entitlement.search')}
              onPick={picked => {
                setRight(picked.key)
                clear('right')
              }}
            />
            <NativeSelect
              label={t('mapping.place')}
              description={mapping?.origin === 'file' && place !== 'keep' ? t('mapping.placeOfFile') : undefined}
              value={place}
              onChange={event => setPlace(changedPlace.parse(event.currentTarget.value))}
              data={places.map(value => ({ value, label: t(`mapping.places.${value}`) }))}
            />
            <LiveCatch
              input={
                said === ''
                  ? null
                  : {
                      source,
                      pattern: said,
                      place,
                      ...(wanted ? { entitlement: wanted } : {}),
                      ...(mapping ? { replaces: mapping.id } : {}),
                    }
              }
            />
            {refused && (
              <p role="alert" className={classes.wrong}>
                {refused === 'conflict' ? t('mapping.conflict') : t(`problem.${refused}`)}
              </p>
            )}
            <Group gap={8}>
              <Button type="submit" loading={preview.isPending}>
                {t('mapping.see')}
              </Button>
              <Button variant="default" onClick={close}>
                {t('do.cancel')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}
