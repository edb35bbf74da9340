import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { SourceOptions } from '#contract/source-options.ts'
import { changeSource, createSource, validateSource } from '#contract/sources.ts'
import { type ProblemError, problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { AuthoritySection } from './authority-section.tsx'
import { CheckPanel, SecretQuestion } from './check-panel.tsx'
import { CorrelationSection } from './correlation-section.tsx'
import { at, type Declaration, emptyDeclaration, listAt, opened, textAt } from './declaration.ts'
import { DropsSection, LdifFiles } from './drops-section.tsx'
import type { SourceForm } from './fields.tsx'
import { GuardsSection } from './guards-section.tsx'
import { isPayroll, ListDrafts, PayrollSection } from './payroll-section.tsx'
import { isEmpty, usePlaceLabel } from './place-label.ts'
import { FilesSection, RecordsSection } from './records-section.tsx'
import { BasesSection, BasicSection, ConnectionSection, ScheduleSection } from './sections.tsx'
import classes from './sources.module.css'
import { useDraft } from './use-draft.ts'
import { useTrying } from './use-trying.ts'

/** The form of a source; the sources file says the same in the same words. */
export function SourceEditor(props: {
  options: SourceOptions
  /** null: a new one. */
  source: { key: string; version: number; declaration: Declaration } | null
}) {
  const { t, language } = useTexts()
  const navigate = useNavigate()
  const { options, source } = props
  const draft = useDraft(
    source?.key ?? 'new',
    source?.version ?? null,
    source ? opened(source.declaration) : emptyDeclaration('ldap'),
  )
  const declaration = tidy(draft.value)
  const checked = useSettled(declaration)
  const validation = useCall(validateSource, { body: { declaration: checked } }, { keep: true })
  // Its guards are the defaults, which hold for every kind.
  const usual = useCall(validateSource, { body: { declaration: plainest } })
  const [confirming, setConfirming] = useState<string | null>(null)
  const done = (answer: { key: string }) => {
    draft.saved()
    setConfirming(null)
    announce(t('sources.saved'))
    void navigate({ to: '/sync/sources/$sourceKey', params: { sourceKey: answer.key } })
  }
  const create = useCommand(createSource, done)
  const change = useCommand(changeSource, done)
  const command = source ? change : create
  // A form that nobody has touched is not yet wrong.
  const [tried, setTried] = useState(false)
  const strict = tried || source !== null
  const trying = useTrying(
    () => {
      setTried(true)
      return declaration
    },
    runId => void navigate({ to: '/sync/runs/$runId', params: { runId } }),
  )
  const labelOf = usePlaceLabel()
  const mistakes = (validation.data?.mistakes ?? []).map(one => {
    const where = fieldOf(draft.value, one.where)
    // How accounts find their people may be left out; what is wrong there is never that it is missing.
    const missing = !where.startsWith('/correlation/') && isEmpty(draft.value, where)
    return { where, label: labelOf(where), missing, text: missing ? t('sources.missing') : one.what[language] }
  })
  const form: SourceForm = {
    value: draft.value,
    set: draft.set,
    errors: new Map(mistakes.filter(one => strict || !one.missing).map(one => [one.where, one.text])),
    options,
    isNew: source === null,
  }
  const save = (reason: string, confirmSecret = false) => {
    setTried(true)
    const body = { declaration, confirmSecret, ...(reason ? { reason } : {}) }
    const onError = (error: ProblemError) => {
      if (problemOf(error).code === 'secret-unconfirmed') setConfirming(reason)
    }
    if (source)
      change.mutate(
        { params: { sourceKey: source.key }, body: { ...body, version: draft.version ?? source.version } },
        { onError },
      )
    else create.mutate({ body }, { onError })
  }
  const code = command.error ? problemOf(command.error).code : null
  const kind = textAt(draft.value, ['kind'])
  const searches = listAt(draft.value, ['searches'])
  return (
    <div className={classes.editor}>
      <form className={classes.form} onSubmit={event => event.preventDefault()} noValidate>
        <Card title={t('sources.sections.basic')}>
          <BasicSection
            form={form}
            onKind={next =>
              draft.replace({
                ...emptyDeclaration(next),
                key: draft.value.key,
                name: draft.value.name,
              })
            }
          />
        </Card>
        {kind === 'ldap' && (
          <>
            <Card title={t('sources.sections.connection')}>
              <ConnectionSection form={form} />
            </Card>
            <Card title={t('sources.sections.what')}>
              <BasesSection form={form} />
            </Card>
            <Card title={t('sources.sections.mapping')}>
              {searches.length === 0 ? (
                <RecordsSection form={withOwnSearch(form)} path={['searches', 0, 'records']} usual />
              ) : (
                <div className="stack">
                  {searches.map((_, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a place has no name but its number
                    <section key={index} className="stack">
                      {searches.length > 1 && <h3>{t('sources.search', { n: index + 1 })}</h3>}
                      <RecordsSection form={form} path={['searches', index, 'records']} usual />
                    </section>
                  ))}
                </div>
              )}
            </Card>
          </>
        )}
        {kind === 'csv' && (
          <Card title={t('sources.sections.what')}>
            <div className="stack">
              <DropsSection form={form} onReplace={draft.replace} />
              <FilesSection form={form} />
              <ListDrafts form={form} />
            </div>
          </Card>
        )}
        {isPayroll(kind) && (
          <Card title={t('sources.sections.what')}>
            <PayrollSection form={form} />
          </Card>
        )}
        {kind === 'ldif' && (
          <Card title={t('sources.sections.what')}>
            <div className="stack">
              <DropsSection form={form} onReplace={draft.replace} />
              <LdifFiles form={form} />
              <RecordsSection form={form} path={['records']} />
            </div>
          </Card>
        )}
        {hasAccounts(draft.value) && (
          <Card title={t('sources.sections.correlation')}>
            <CorrelationSection form={form} usual={usual.data?.effective ?? null} />
          </Card>
        )}
        <Card title={t('sources.sections.authority')}>
          <AuthoritySection form={form} />
        </Card>
        <Card title={t('sources.sections.schedule')}>
          <ScheduleSection form={form} />
        </Card>
        <Card title={t('sources.sections.guards')}>
          <GuardsSection form={form} usual={usual.data?.effective ?? null} />
        </Card>
      </form>
      <CheckPanel
        declaration={declaration}
        mistakes={strict || draft.changed ? mistakes : []}
        stage={strict ? 'strict' : draft.changed ? 'writing' : 'untouched'}
        changes={source ? (validation.data?.changes ?? []) : []}
        trying={trying}
        kept={draft.changed}
        saving={command.isPending}
        problem={
          code === null || code === 'secret-unconfirmed'
            ? null
            : code === 'conflict'
              ? t('sources.conflict')
              : code === 'source-invalid'
                ? t('sources.saveWrong')
                : t(`problem.${code}`)
        }
        onSave={save}
        onDrop={draft.drop}
      />
      {confirming !== null && (
        <SecretQuestion
          busy={command.isPending}
          onConfirm={() => save(confirming, true)}
          onClose={() => setConfirming(null)}
        />
      )}
    </div>
  )
}

const plainest: Declaration = {
  key: 'plainest',
  kind: 'csv',
  correlation: {},
  files: [{ path: 'plainest.csv', record: 'person', key: 'key', map: { givenName: 'a', familyName: 'b' } }],
}

/** What is written in passing and means nothing is not sent: empty lines of a list, both names left empty. */
function tidy(value: Declaration): Declaration {
  const { urls, name, correlation, ...rest } = value
  const lines = Array.isArray(urls) ? urls.map(one => String(one).trim()).filter(Boolean) : null
  const names = name as { da?: string; en?: string } | undefined
  const linking = tidyCorrelation(correlation as Record<string, unknown> | undefined)
  return {
    ...rest,
    ...(names?.da || names?.en ? { name: { da: names.da || names.en, en: names.en || names.da } } : {}),
    ...(linking ? { correlation: linking } : {}),
    ...(lines === null || lines.length === 0 ? {} : lines.length === 1 ? { url: lines[0] } : { urls: lines }),
  }
}

function tidyCorrelation(given: Record<string, unknown> | undefined): Record<string, unknown> | null {
  if (!given) return null
  const { outOfScope, ...rest } = given
  const lists = Object.entries((outOfScope ?? {}) as Record<string, unknown[]>).flatMap(([key, lines]) => {
    const kept = lines.map(line => String(line).trim()).filter(Boolean)
    return kept.length === 0 ? [] : [[key, kept] as const]
  })
  const tidied = lists.length === 0 ? rest : { ...rest, outOfScope: Object.fromEntries(lists) }
  return Object.keys(tidied).length > 0 ? tidied : null
}

/** A directory always has accounts; a file of rows where it says so. */
function hasAccounts(value: Declaration): boolean {
  if (isPayroll(String(value.kind))) return false
  return value.kind !== 'csv' || listAt(value, ['files']).some(file => textAt(file, ['record']) === 'account')
}

/** Where a mistake has its field: one server is sent as such but written in the list, and a secret is its name. */
function fieldOf(value: Declaration, where: string): string {
  if (where === '/url') return '/urls'
  if (where !== '/password') return where
  const secret = at(value, ['password'])
  return typeof secret === 'object' && secret !== null && 'file' in secret ? '/password/file' : '/password/env'
}

/** A mapping of one's own belongs to a place; writing the first makes the one place that there is into the first of a list. */
function withOwnSearch(form: SourceForm): SourceForm {
  return {
    ...form,
    set(path, next) {
      if (path[0] === 'searches') {
        form.set(['searches'], [{ base: textAt(form.value, ['base']), records: next }])
        form.set(['base'], undefined)
      } else form.set(path, next)
    },
  }
}

/** The declaration half a second after the last key: what is asked of the server. */
function useSettled(value: Declaration): Declaration {
  const [settled, setSettled] = useState(value)
  const now = JSON.stringify(value)
  // biome-ignore lint/correctness/useExhaustiveDependencies: compared by what it says, not by being the same object
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), 400)
    return () => clearTimeout(timer)
  }, [now])
  return settled
}
