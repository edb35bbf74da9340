import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { saveSheet } from '#contract/catalogue.ts'
import { type SheetGroup as Group, SHEET, type SheetField, type SheetMistake, sheetFields } from '#contract/sheet.ts'
import { problemOf } from '../../lib/call.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card, Facts } from '../../ui/card.tsx'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { type DraftValues, mistakesOf, sentMistakes, toGiven, useSheetDraft } from './sheet-draft.ts'
import { SheetInput } from './sheet-fields.tsx'
import { Flows, type SheetAnswer, SheetValue, useValueText } from './sheet-value.tsx'
import classes from './systems.module.css'
import { fieldKey } from './value-text.ts'

const ALONE: readonly SheetField[] = ['contracts', 'flows']

/** One group of facts: what is known and from where, what is not, and editing in place. */
export function SheetGroup(props: { group: Group; sheet: SheetAnswer; refresh: () => void }) {
  const { t } = useTexts()
  const { group, sheet } = props
  const draft = useSheetDraft(sheet.system.id, group)
  const fields = sheetFields.filter(field => SHEET[field].group === group)
  const known = fields.filter(field => sheet.values[field] !== undefined)
  const unknown = fields.filter(field => sheet.values[field] === undefined)
  const name = t(`catalogue.group.${group}`)
  if (draft.draft && sheet.allowed.change)
    return (
      <Card title={name} id={`group-${group}`}>
        <GroupForm {...props} fields={fields} draft={draft} />
      </Card>
    )
  return (
    <Card
      title={name}
      id={`group-${group}`}
      aside={
        sheet.allowed.change && (
          <Button
            variant="default"
            size="xs"
            aria-label={t('catalogue.edit', { group: name })}
            onClick={() => draft.begin(sheet.version)}
          >
            {t('catalogue.editShort')}
          </Button>
        )
      }
    >
      <div className={classes.stack}>
        {known.length === 0 && group !== 'flows' && <p className="dim">{t('catalogue.nothing')}</p>}
        <Facts
          facts={known
            .filter(field => !ALONE.includes(field))
            .map(field => ({
              label: t(fieldKey(field)),
              value: <SheetValue field={field} value={sheet.values[field]} sheet={sheet} />,
              note: <Origin field={field} sheet={sheet} refresh={props.refresh} />,
            }))}
        />
        {known
          .filter(field => ALONE.includes(field))
          .map(field => (
            <div key={field}>
              <SheetValue field={field} value={sheet.values[field]} sheet={sheet} />
              <div className="meta">
                <Origin field={field} sheet={sheet} refresh={props.refresh} />
              </div>
            </div>
          ))}
        {group === 'flows' && sheet.told.length > 0 && (
          <Flows flows={sheet.told.map(one => one.flow)} systems={[]} told={sheet.told.map(one => one.by)} />
        )}
        {group === 'flows' && known.length === 0 && sheet.told.length === 0 && (
          <p className="dim">{t('catalogue.nothing')}</p>
        )}
        {known.length > 0 && unknown.length > 0 && (
          <p className="meta">
            {t('catalogue.unknown', { fields: unknown.map(field => t(fieldKey(field))).join(', ') })}
          </p>
        )}
      </div>
    </Card>
  )
}

/** Who says so; and where it is set by hand what the feed says, with the way back. */
function Origin(props: { field: SheetField; sheet: SheetAnswer; refresh: () => void }) {
  const { t, language, ago } = useTexts()
  const text = useValueText()
  const { field, sheet } = props
  const origin = sheet.origins[field]
  const release = useCommand(saveSheet, props.refresh)
  const feed = Object.values(sheet.origins).find(one => one?.kind === 'feed')
  if (!origin) return null
  if (origin.kind === 'feed')
    return <>{t('catalogue.fromFeed', { source: origin.sourceName?.[language] ?? origin.source })}</>
  const source = feed?.kind === 'feed' ? (feed.sourceName?.[language] ?? feed.source) : null
  const said = sheet.feed[field]
  return (
    <span className={classes.origin}>
      <span>
        {origin.by
          ? t('catalogue.byHand', { by: origin.by, when: ago(origin.at) })
          : t('catalogue.byHandNobody', { when: ago(origin.at) })}
        {origin.reason && `: ${origin.reason}`}
      </span>
      {source && (
        <span>
          {said === undefined
            ? t('catalogue.feedSaysNothing', { source })
            : t('catalogue.feedSays', { source, value: text(field, said) })}
        </span>
      )}
      {source && said !== undefined && sheet.allowed.change && (
        <button
          type="button"
          className="link"
          style={{ border: 0, background: 'none', padding: 0, minHeight: 24, cursor: 'pointer', font: 'inherit' }}
          aria-label={t('catalogue.release', { field: t(fieldKey(field)) })}
          disabled={release.isPending}
          onClick={() =>
            release.mutate({
              params: { systemId: sheet.system.id },
              body: { version: sheet.version, set: {}, release: [field] },
            })
          }
        >
          {t('catalogue.releaseShort')}
        </button>
      )}
    </span>
  )
}

function GroupForm(props: {
  group: Group
  sheet: SheetAnswer
  fields: SheetField[]
  draft: ReturnType<typeof useSheetDraft>
  refresh: () => void
}) {
  const { t } = useTexts()
  const { sheet, draft, fields } = props
  const values: DraftValues = draft.draft?.values ?? {}
  const [reason, setReason] = useState('')
  const [mistakes, setMistakes] = useState<SheetMistake[]>([])
  const [problem, setProblem] = useState<string | null>(null)
  const save = useCommand(saveSheet, () => {
    announce(t('catalogue.saved'))
    draft.drop()
    props.refresh()
  })
  const stale = draft.draft !== null && draft.draft.version !== sheet.version
  const submit = () => {
    setProblem(null)
    const found = mistakesOf(values)
    setMistakes(found)
    if (found.length > 0 || !draft.draft) return
    save.mutate(
      {
        params: { systemId: sheet.system.id },
        body: { version: draft.draft.version, set: toGiven(values), release: [], reason: reason.trim() || null },
      },
      {
        onError: error => {
          const { code, errors } = problemOf(error)
          if (code === 'data-invalid') setMistakes(sentMistakes(errors))
          else if (code === 'conflict') {
            setProblem(t('catalogue.conflict'))
            props.refresh()
          } else setProblem(code === 'reason-needed' ? t('catalogue.reasonNeeded') : t(`problem.${code}`))
        },
      },
    )
  }
  const errors = new Map(mistakes.map(one => [one.where, t(`catalogue.mistake.${one.code}`)]))
  const names = new Map(sheet.systems.map(one => [one.key, one.name]))
  return (
    <form
      className={classes.stack}
      noValidate
      onSubmit={event => {
        event.preventDefault()
        if (stale && draft.draft) draft.rebase(sheet.version)
        else submit()
      }}
    >
      <ErrorSummary
        errors={[
          ...(problem ? [{ text: problem }] : []),
          ...mistakes.map(one => ({
            field: one.where,
            text: `${labelOf(one.where, t)}: ${t(`catalogue.mistake.${one.code}`)}`,
          })),
        ]}
      />
      {stale && <p role="status">{t('catalogue.conflict')}</p>}
      <div className={classes.fields}>
        {fields.map(field => (
          <SheetInput
            key={field}
            field={field}
            value={field in values ? values[field] : startOf(field, sheet)}
            errors={errors}
            names={names}
            onChange={value => draft.set(field, value)}
          />
        ))}
        <TextInput
          label={t('catalogue.reason')}
          description={t('catalogue.reasonHint')}
          value={reason}
          maxLength={500}
          autoComplete="off"
          onChange={event => setReason(event.currentTarget.value)}
        />
      </div>
      <div className={classes.actions}>
        <Button type="submit" loading={save.isPending}>
          {stale ? t('catalogue.look') : t('catalogue.save')}
        </Button>
        <Button variant="default" onClick={draft.drop}>
          {t('catalogue.cancel')}
        </Button>
        {Object.keys(values).length > 0 && <span className="meta">{t('catalogue.draft')}</span>}
      </div>
    </form>
  )
}

/** What a field begins with: whom it names with the name. */
function startOf(field: SheetField, sheet: SheetAnswer): unknown {
  const value = sheet.values[field] ?? null
  if (value === null) return null
  if (field === 'unit')
    return { ...(value as object), ...(sheet.unit ? { unit: sheet.unit.id, name: sheet.unit.name } : {}) }
  if (SHEET[field].kind !== 'person') return value
  const named = sheet.people[field as 'owner']
  return named?.person ? { person: named.person.id, name: named.person.name ?? '' } : value
}

const labelOf = (where: string, t: ReturnType<typeof useTexts>['t']): string => {
  const [, field = 'name'] = where.split('/')
  return t(fieldKey(field as SheetField))
}
