import { Button, Stack } from '@mantine/core'
import { IconDownload, IconHandStop } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { exportDeskPreview, previewDesk, saveDesk } from '#contract/rule-desk.ts'
import type { DeskChange } from '#contract/rule-forms.ts'
import { call, problemOf } from '../../../lib/call.ts'
import { useCommand } from '../../../lib/query.ts'
import { saveFile } from '../../../lib/save-file.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { announce } from '../../../ui/announcer.tsx'
import { Card, Facts } from '../../../ui/card.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { ErrorSummary } from '../../../ui/error-summary.tsx'
import { HeldBack } from '../../../ui/held-back.tsx'
import { Pager } from '../../../ui/pager.tsx'
import { PersonLink } from '../../../ui/person-link.tsx'
import { useProblemText } from '../../../ui/problem-text.ts'
import { ReasonDialog } from '../../../ui/reason-dialog.tsx'
import { Empty } from '../../../ui/states.tsx'
import { Guards } from '../guards.tsx'
import { DifferenceWords } from './difference-words.tsx'
import classes from './editor.module.css'
import { FindingList } from './finding-list.tsx'
import { type FormProblem, refusalTexts } from './rule-problems.ts'

type Preview = ResponseOf<typeof previewDesk>
const limit = 25

/** What a change would do, and the two buttons: work it out, put it in force with a reason. */
export function PreviewPanel(props: {
  change: DeskChange
  version: number | null
  /** What the form itself sees is missing; asked when the button is pressed. */
  problems: () => FormProblem[]
  /** Draft rules are never in force, and the button should not say so. */
  draft: boolean
  onSaved: (applied: boolean) => void
}) {
  const { t, all } = useTexts()
  const problemText = useProblemText()
  const { change, version } = props
  const now = JSON.stringify(change)
  const [seen, setSeen] = useState('')
  const [errors, setErrors] = useState<{ field?: string; text: string }[]>([])
  const [asking, setAsking] = useState(false)
  const preview = useCommand(previewDesk)
  const save = useCommand(saveDesk, answer => {
    setAsking(false)
    announce(t(answer.applied ? 'ruleDesk.saved' : 'ruleDesk.held'))
    props.onSaved(answer.applied)
  })
  const refused = preview.error ? problemOf(preview.error) : null
  useEffect(() => {
    if (!refused) return
    setErrors(refusalTexts(refused, all.ruleDesk.problem, t, problemText))
  }, [refused, all, t, problemText])
  const work = (offset = 0) => {
    const found = props.problems()
    setErrors(found.map(({ code, field }) => ({ text: t(`ruleDesk.problem.${code}`), ...(field ? { field } : {}) })))
    if (found.length > 0) return
    setSeen(now)
    preview.mutate({ body: { change, version, offset, limit } })
  }
  const fresh = seen === now && preview.data !== undefined && !preview.isPending
  const saveError = save.error ? problemOf(save.error) : null
  return (
    <section className="stack" aria-labelledby="rule-result">
      <h2 id="rule-result" className="section">
        {t('ruleDesk.result')}
      </h2>
      <ErrorSummary errors={errors} />
      {preview.data && (
        <div className="stack" data-stale={fresh ? undefined : true}>
          <Result
            preview={preview.data}
            change={change}
            version={version}
            offset={preview.variables?.body?.offset ? Number(preview.variables.body.offset) : 0}
            onMove={work}
          />
        </div>
      )}
      {preview.data && !fresh && !preview.isPending && <p role="status">{t('ruleDesk.previewOld')}</p>}
      <div className={classes.actions}>
        <Button variant={fresh ? 'default' : 'filled'} loading={preview.isPending} onClick={() => work()}>
          {t(preview.data ? 'ruleDesk.previewAgain' : 'ruleDesk.preview')}
        </Button>
        {fresh && !preview.data.nothing && (
          <Button onClick={() => setAsking(true)}>{t(verbOf(preview.data, props.draft))}</Button>
        )}
      </div>
      {asking && preview.data && (
        <ReasonDialog
          title={t(verbOf(preview.data, props.draft))}
          busy={save.isPending}
          error={saveError && problemText(saveError)}
          onConfirm={reason => save.mutate({ body: { change, version, hash: preview.data.hash, reason } })}
          onClose={() => setAsking(false)}
        >
          <p>{t('ruleDesk.saveReason')}</p>
        </ReasonDialog>
      )}
    </section>
  )
}

const verbOf = (preview: Preview, draft: boolean) =>
  preview.heldBack.length > 0
    ? ('ruleDesk.saveHeld' as const)
    : draft
      ? ('ruleDesk.saveDraft' as const)
      : ('ruleDesk.save' as const)

function Result(props: {
  preview: Preview
  change: DeskChange
  version: number | null
  offset: number
  onMove: (offset: number) => void
}) {
  const { t, number } = useTexts()
  const { preview, change, version } = props
  if (preview.nothing)
    return (
      <Card>
        <Empty good title={t('ruleDesk.nothing')} />
      </Card>
    )
  return (
    <Stack gap={16}>
      <Facts
        facts={[
          { label: t('import.people'), value: <b className={classes.figure}>{number(preview.people)}</b> },
          { label: t('import.gains'), value: <b className={classes.figure}>+{number(preview.gains)}</b> },
          { label: t('import.losses'), value: <b className={classes.figure}>−{number(preview.losses)}</b> },
          ...(preview.withheld > 0
            ? [{ label: t('import.withheld'), value: <b className={classes.figure}>{number(preview.withheld)}</b> }]
            : []),
        ]}
      />
      {preview.withheld > 0 && <p>{t('import.withheldHelp')}</p>}
      <p>
        {preview.orders.systems === 0
          ? t('import.noOrders')
          : t('import.orders', {
              give: number(preview.orders.give),
              take: number(preview.orders.take),
              systems: number(preview.orders.systems),
            })}
      </p>
      {preview.heldBack.length > 0 && (
        <Card tone="wait" title={t('import.held')} level={3} aside={<IconHandStop size={20} aria-hidden />}>
          <p>{t('import.heldHelp')}</p>
          <Guards heldBack={preview.heldBack} />
        </Card>
      )}
      <Card title={t('ruleDesk.words')} level={3}>
        <div className={classes.stack}>
          {preview.differences.map(one => (
            <DifferenceWords key={`${one.kind}${one.rule}`} difference={one} heading />
          ))}
        </div>
      </Card>
      {preview.findings.length > 0 && (
        <Card title={t('ruleDesk.findings')} level={3} tone="wait">
          <FindingList findings={preview.findings} />
        </Card>
      )}
      <Moved {...props} />
      <div className={classes.two}>
        {preview.byUnit.length > 0 && (
          <DataTable
            caption={t('ruleDesk.byUnitCaption')}
            columns={[
              {
                key: 'unit',
                label: t('ruleDesk.byUnit'),
                cell: row => row.unit?.name ?? t('ruleDesk.withoutUnit'),
              },
              { key: 'people', label: t('changes.columns.people'), number: true, cell: row => number(row.people) },
              { key: 'gains', label: t('ruleDesk.gains'), number: true, cell: row => `+${number(row.gains)}` },
              { key: 'losses', label: t('ruleDesk.losses'), number: true, cell: row => `−${number(row.losses)}` },
            ]}
            rows={preview.byUnit}
            rowKey={row => row.unit?.id ?? ''}
            empty={null}
          />
        )}
        {preview.byRight.length > 0 && (
          <DataTable
            caption={t('ruleDesk.byRightCaption')}
            columns={[
              { key: 'right', label: t('ruleDesk.byRight'), cell: row => row.right.name },
              { key: 'gains', label: t('ruleDesk.gains'), number: true, cell: row => `+${number(row.gains)}` },
              { key: 'losses', label: t('ruleDesk.losses'), number: true, cell: row => `−${number(row.losses)}` },
              ...(preview.withheld > 0
                ? [
                    {
                      ...{ key: 'withheld', label: t('ruleDesk.withheld'), number: true },
                      cell: (row: Preview['byRight'][number]) => number(row.withheld),
                    },
                  ]
                : []),
            ]}
            rows={preview.byRight}
            rowKey={row => row.right.key}
            empty={null}
          />
        )}
      </div>
      {preview.movedTotal > 0 && (
        <div>
          <Button
            variant="default"
            leftSection={<IconDownload size={18} aria-hidden />}
            onClick={() =>
              void call(exportDeskPreview, { body: { change, version } }).then(answer =>
                saveFile('hjemmel-regel.csv', answer.csv),
              )
            }
          >
            {t('ruleDesk.export')}
          </Button>
        </div>
      )}
    </Stack>
  )
}

function Moved(props: { preview: Preview; offset: number; onMove: (offset: number) => void }) {
  const { t } = useTexts()
  const { preview } = props
  const columns: Column<Preview['moved'][number]>[] = [
    {
      key: 'person',
      label: t('rule.person'),
      cell: row => (
        <>
          <PersonLink person={row.person} />
          <div className="meta">{[row.title, row.unit?.name].filter(Boolean).join(', ')}</div>
        </>
      ),
    },
    { key: 'gains', label: t('ruleDesk.gains'), cell: row => <Rights rights={[...row.gains, ...row.withheld]} /> },
    { key: 'losses', label: t('ruleDesk.losses'), cell: row => <Rights rights={row.losses} /> },
  ]
  return (
    <div>
      <h3>{t('ruleDesk.who')}</h3>
      <DataTable
        caption={t('ruleDesk.whoCaption')}
        columns={columns}
        rows={preview.moved}
        rowKey={row => `${row.person.id}${row.unit?.id}${row.title}`}
        empty={<Empty title={t('ruleDesk.nobody')} />}
      />
      <Pager offset={props.offset} limit={limit} total={preview.movedTotal} onMove={props.onMove} />
    </div>
  )
}

const SHOWN = 6

function Rights(props: { rights: { key: string; name: string; systemId?: string }[] }) {
  const { t } = useTexts()
  const { rights } = props
  if (rights.length === 0) return null
  return (
    <ul className={classes.rights}>
      {rights.slice(0, SHOWN).map(one => (
        <li key={one.key}>
          {one.name}
          {one.systemId && <HeldBack systemId={one.systemId} />}
        </li>
      ))}
      {rights.length > SHOWN && <li>{t('ruleDesk.more', { count: rights.length - SHOWN })}</li>}
    </ul>
  )
}
