import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { SourceVersion } from '#contract/sources.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Yaml } from '../../ui/yaml.tsx'
import { ChangesTable } from './changes-table.tsx'
import type { Declaration } from './declaration.ts'
import { Samples } from './samples.tsx'
import classes from './sources.module.css'
import { TestSteps } from './test-steps.tsx'
import { toYaml } from './to-yaml.ts'
import type { useTrying } from './use-trying.ts'

/** Beside the form: what is wrong, trying it, what changes, and saving. */
export function CheckPanel(props: {
  declaration: Declaration
  mistakes: readonly { where: string; label: string; text: string; missing: boolean }[]
  /** What is only missing is no mistake as long as somebody is still writing. */
  stage: 'untouched' | 'writing' | 'strict'
  changes: SourceVersion['changes']
  trying: ReturnType<typeof useTrying>
  kept: boolean
  saving: boolean
  problem: string | null
  onSave: (reason: string) => void
  onDrop: () => void
}) {
  const { t } = useTexts()
  const { trying, mistakes } = props
  const [reason, setReason] = useState('')
  const onlyMissing = props.stage === 'writing' && mistakes.every(one => one.missing)
  return (
    <aside className={classes.beside} aria-label={t('sources.check')}>
      <Card title={t('sources.check')}>
        <div className="stack">
          {mistakes.length > 0 ? (
            <div>
              <p className={onlyMissing ? undefined : classes.wrong}>
                {t(onlyMissing ? 'sources.todo' : 'sources.mistakes', { count: mistakes.length })}
              </p>
              <ul className="error-links">
                {mistakes.map(one => (
                  <li key={`${one.where}${one.text}`}>
                    <a
                      className="link"
                      href={`#${one.where}`}
                      onClick={event => {
                        event.preventDefault()
                        focusPlace(one.where)
                      }}
                    >
                      {one.label}: {one.text}
                    </a>
                  </li>
                ))}
              </ul>
            </div>
          ) : (
            <p>{t(props.stage === 'untouched' ? 'sources.untouched' : 'sources.noMistakes')}</p>
          )}
          <div className={classes.actions}>
            <Button variant="default" loading={trying.test.isPending} onClick={() => trying.go('test')}>
              {t('sources.test')}
            </Button>
            <Button variant="default" loading={trying.sample.isPending} onClick={() => trying.go('sample')}>
              {t('sources.sample')}
            </Button>
            <Button variant="default" loading={trying.preview.isPending} onClick={() => trying.go('preview')}>
              {t('sources.preview')}
            </Button>
          </div>
          <p className="meta">{t('sources.previewHelp')}</p>
          {(trying.problem || (trying.invalid && mistakes.length > 0)) && (
            <p role="alert" className={classes.wrong}>
              {trying.problem ?? t('sources.tryWrong')}
            </p>
          )}
        </div>
      </Card>
      {trying.test.data && (
        <Card title={t('sources.testTitle')}>
          <TestSteps result={trying.test.data} />
        </Card>
      )}
      {trying.sample.data && (
        <Card title={t('sources.sampleTitle')}>
          <Samples entries={trying.sample.data.entries} />
        </Card>
      )}
      {props.changes.length > 0 && (
        <Card title={t('sources.changesTitle')} flush>
          <ChangesTable changes={props.changes} />
        </Card>
      )}
      <Card>
        <div className="stack">
          <TextInput
            label={t('sources.reason')}
            description={t('sources.saveHint')}
            value={reason}
            maxLength={500}
            autoComplete="off"
            onChange={event => setReason(event.currentTarget.value)}
          />
          {props.problem && (
            <p role="alert" className={classes.wrong}>
              {props.problem}
            </p>
          )}
          <div className={classes.actions}>
            <Button loading={props.saving} onClick={() => props.onSave(reason.trim())}>
              {t('sources.save')}
            </Button>
            {props.kept && (
              <Button variant="default" onClick={props.onDrop}>
                {t('sources.draftDrop')}
              </Button>
            )}
          </div>
          {props.kept && <p className="meta">{t('sources.draft')}</p>}
          <Yaml label={t('sources.yamlTitle')} text={toYaml({ sources: [props.declaration] })} />
        </div>
      </Card>
      {trying.asking && <SecretQuestion busy={false} onConfirm={trying.confirm} onClose={trying.cancel} />}
    </aside>
  )
}

/** A password goes only where somebody has said that it may. */
export function SecretQuestion(props: { busy: boolean; onConfirm: () => void; onClose: () => void }) {
  const { t } = useTexts()
  return (
    <Confirm
      danger
      title={t('sources.confirmSecretTitle')}
      verb={t('sources.confirmSecret')}
      cancel={t('do.cancel')}
      busy={props.busy}
      error={null}
      onConfirm={props.onConfirm}
      onClose={props.onClose}
    >
      <p>{t('sources.confirmSecretHelp')}</p>
    </Confirm>
  )
}

/** The field of a mistake, or the nearest that is there: a place inside a list may have no field of its own. */
function focusPlace(where: string): void {
  for (let place = where; place !== ''; place = place.slice(0, place.lastIndexOf('/'))) {
    const field = document.getElementById(place)
    if (!field) continue
    field.scrollIntoView({ block: 'center' })
    if (!field.matches('input, textarea, select')) field.tabIndex = -1
    field.focus()
    return
  }
}
