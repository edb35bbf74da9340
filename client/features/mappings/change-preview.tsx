import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { IconHandStop } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { type MappingCounts, previewMappings } from '#contract/mappings.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Facts } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import classes from '../../ui/desk.module.css'
import { PersonLink } from '../../ui/person-link.tsx'
import { Answer } from '../../ui/states.tsx'
import type { MappingChange, Step } from './use-mapping-change.ts'

type Example = ResponseOf<typeof previewMappings>['examples'][number]
type Guard = 'mapping-losses' | 'mapping-deviations'

/** What a change of mappings would do, asked before it is done; what is let through is what was shown. */
export function ChangePreview(props: {
  title: string
  steps: Step[]
  change: MappingChange
  /** What is said when it is done. */
  said: string
  onDone?: () => void
  onClose: () => void
}) {
  const { steps, change } = props
  const query = useCall(previewMappings, { body: { steps } })
  const close = () => {
    change.reset()
    props.onClose()
  }
  return (
    <Modal opened onClose={close} size="xl" title={props.title}>
      <Answer query={query}>
        {preview => (
          <ChangeEffect
            {...{ preview, steps, change, said: props.said }}
            onDone={() => {
              props.onClose()
              props.onDone?.()
            }}
            onCancel={close}
          />
        )}
      </Answer>
    </Modal>
  )
}

/** The effect of a change that the server has worked out, and the button that carries it out. */
export function ChangeEffect(props: {
  preview: ResponseOf<typeof previewMappings>
  steps: Step[]
  change: MappingChange
  said: string
  onDone: () => void
  onCancel: () => void
  /** Back to the form that asked for it, instead of away. */
  back?: boolean
}) {
  const { t } = useTexts()
  const { preview, steps, change } = props
  const [reason, setReason] = useState('')
  const lead = useRef<HTMLParagraphElement>(null)
  useEffect(() => lead.current?.focus(), [])
  const apply = () =>
    change.change(
      { steps, hash: preview.hash, ...(reason.trim() ? { reason: reason.trim() } : {}) },
      props.said,
      props.onDone,
    )
  return (
    <Stack gap={16}>
      <p ref={lead} tabIndex={-1} className="dim">
        {t('mapping.previewLead')}
      </p>
      <EffectFacts counts={preview} />
      <Reads counts={preview} />
      <HeldBack counts={preview} />
      {preview.examples.length > 0 && <Examples rows={preview.examples} />}
      <TextInput
        label={t('mapping.reason')}
        description={t('mapping.reasonHint')}
        value={reason}
        maxLength={500}
        autoComplete="off"
        onChange={event => setReason(event.currentTarget.value)}
      />
      {change.problem && (
        <p role="alert" className={classes.wrong}>
          {change.problem}
        </p>
      )}
      <Group gap={8}>
        <Button loading={change.busy} onClick={apply}>
          {t(preview.heldBack.length > 0 ? 'mapping.applyHeld' : 'mapping.apply')}
        </Button>
        <Button variant="default" onClick={props.onCancel}>
          {t(props.back ? 'mapping.back' : 'do.cancel')}
        </Button>
      </Group>
    </Stack>
  )
}

const SHOWN = [
  'groups',
  'gains',
  'losses',
  'gaining',
  'losing',
  'deviationsAdded',
  'deviationsGone',
] as const satisfies (keyof MappingCounts)[]

export function EffectFacts(props: { counts: MappingCounts }) {
  const { t, number } = useTexts()
  return <Facts columns facts={SHOWN.map(key => ({ label: t(`mapping.${key}`), value: number(props.counts[key]) }))} />
}

/** What a mapping says of the systems' own sheets, so that nobody has to go there afterwards. */
function Reads(props: { counts: MappingCounts }) {
  const { t } = useTexts()
  const { reads = [] } = props.counts
  if (reads.length === 0) return null
  return <p>{t('mapping.reads', { systems: reads.map(one => one.name).join(', ') })}</p>
}

export function HeldBack(props: { counts: MappingCounts }) {
  const { t } = useTexts()
  const { heldBack } = props.counts
  if (heldBack.length === 0) return null
  return (
    <Alert color="yellow" icon={<IconHandStop size={18} aria-hidden />} title={t('mapping.held')}>
      <ul style={{ margin: 0, paddingLeft: 18 }}>
        {heldBack.map(one => (
          <li key={one.guard}>
            {t(`mapping.guard.${one.guard as Guard}`, { defaultValue: one.guard })} (
            {t('mapping.guardCount', { count: one.count, limit: one.limit })})
          </li>
        ))}
      </ul>
    </Alert>
  )
}

function Examples(props: { rows: Example[] }) {
  const { t } = useTexts()
  const columns: Column<Example>[] = [
    { key: 'person', label: t('mapping.person'), cell: row => <PersonLink person={row.person} /> },
    { key: 'gains', label: t('mapping.gets'), cell: row => row.gains.join(', ') },
    { key: 'losses', label: t('mapping.loses'), cell: row => row.losses.join(', ') },
  ]
  return (
    <section>
      <h3>{t('mapping.examples')}</h3>
      <DataTable
        caption={t('mapping.examplesCaption')}
        columns={columns}
        rows={props.rows.slice(0, 8)}
        rowKey={row => row.person.id}
        empty={null}
      />
    </section>
  )
}
