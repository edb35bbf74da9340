import { Button, Stack, Textarea } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type ChangeEvent, useState } from 'react'
import { importRules, previewRules } from '#contract/rules.ts'
import { RulesPreview } from '../features/rules/rules-preview.tsx'
import { problemOf } from '../lib/call.ts'
import { useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import { ErrorSummary } from '../ui/error-summary.tsx'
import { Page } from '../ui/page.tsx'
import { useMistakeTexts, useProblemText } from '../ui/problem-text.ts'
import { Empty } from '../ui/states.tsx'

/** YAML in, what it would change out, and only then the button. */
export function RulesImportPage() {
  const { t } = useTexts()
  const problemText = useProblemText()
  const mistakes = useMistakeTexts()
  const [yaml, setYaml] = useState('')
  const [missing, setMissing] = useState(false)
  const preview = useCommand(previewRules)
  const apply = useCommand(importRules)
  const failed = preview.error ?? apply.error
  const problem = failed ? problemOf(failed) : null

  const change = (text: string) => {
    setYaml(text)
    preview.reset()
    apply.reset()
  }
  const read = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.currentTarget.files?.[0]
    if (file) change(await file.text())
  }
  const ask = () => {
    setMissing(yaml.trim() === '')
    if (yaml.trim() !== '') preview.mutate({ body: { yaml } })
  }
  const errors = missing
    ? [{ field: 'yaml', text: t('import.empty') }]
    : problem
      ? problem.errors.length > 0
        ? mistakes(problem).map(text => ({ text }))
        : [{ text: problemText(problem) }]
      : []

  return (
    <Page
      title={t('import.title')}
      section={t('rules.title')}
      lead={t('import.lead')}
      crumbs={[{ label: t('rules.title'), to: '/rules' }]}
      narrow
    >
      <ErrorSummary key={preview.failureCount + apply.failureCount} errors={errors} />
      {apply.data ? (
        <Card>
          {apply.data.applied ? (
            <Empty
              good
              title={t('import.done')}
              help={t('import.doneHelp')}
              action={
                <Button component={Link} to="/rules">
                  {t('import.toRules')}
                </Button>
              }
            />
          ) : (
            <Empty
              title={t('import.waiting')}
              help={t('import.waitingHelp')}
              action={
                <Button component={Link} to="/rules/changes">
                  {t('changes.see')}
                </Button>
              }
            />
          )}
        </Card>
      ) : (
        <Stack gap={16}>
          <div>
            <label htmlFor="rules-file" style={{ display: 'block', fontSize: '0.875rem', fontWeight: 500 }}>
              {t('import.file')}
            </label>
            <input
              id="rules-file"
              type="file"
              style={{ maxWidth: '100%' }}
              accept=".yaml,.yml"
              onChange={event => void read(event)}
            />
          </div>
          <Textarea
            id="yaml"
            label={t('import.yaml')}
            description={t('import.yamlHint')}
            value={yaml}
            onChange={event => change(event.currentTarget.value)}
            rows={14}
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.8125rem' } }}
          />
          <div>
            <Button variant={preview.data ? 'default' : 'filled'} loading={preview.isPending} onClick={ask}>
              {t('import.preview')}
            </Button>
          </div>
          {preview.data && (
            <RulesPreview
              preview={preview.data}
              applying={apply.isPending}
              onApply={() => apply.mutate({ body: { yaml, hash: preview.data.hash } })}
            />
          )}
        </Stack>
      )}
    </Page>
  )
}
