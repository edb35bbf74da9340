import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { getRuleForm } from '#contract/rule-desk.ts'
import { addDays } from '../../../lib/formats.ts'
import { useCall } from '../../../lib/query.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { Card } from '../../../ui/card.tsx'
import { Answer } from '../../../ui/states.tsx'
import classes from './editor.module.css'
import { PreviewPanel } from './preview-panel.tsx'

/** Ends a rule on a day instead of deleting it: the last day, what that does, and the reason. */
export function RetireRule(props: { ruleKey: string; onDone: () => void; onClose: () => void }) {
  const { t } = useTexts()
  const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Copenhagen' })
  const [last, setLast] = useState(addDays(today, -1))
  const form = useCall(getRuleForm, { params: { key: props.ruleKey } })
  return (
    <Card title={t('ruleDesk.retire')}>
      <div className={classes.stack}>
        <p>{t('ruleDesk.retireHelp')}</p>
        <Answer query={form}>
          {({ form: now, version }) => {
            const end = addDays(last, 1)
            // Exceptions end with the rule; one that would begin after that is left out.
            const exceptions = now.exceptions
              .filter(one => one.validFrom < end)
              .map(one => ({ ...one, validTo: one.validTo < end ? one.validTo : end }))
            const ended = { ...now, validTo: end, exceptions }
            return (
              <>
                <div className={classes.row}>
                  <TextInput
                    type="date"
                    label={t('ruleDesk.retireOn')}
                    value={last}
                    min={now.validFrom}
                    onChange={event => {
                      if (event.currentTarget.value) setLast(event.currentTarget.value)
                    }}
                  />
                  <Button variant="default" onClick={props.onClose}>
                    {t('do.cancel')}
                  </Button>
                </div>
                <PreviewPanel
                  change={{ kind: 'rule', form: ended }}
                  version={version}
                  problems={() => (end <= now.validFrom ? [{ code: 'rule-validity-empty' }] : [])}
                  draft={false}
                  onSaved={props.onDone}
                />
              </>
            )
          }}
        </Answer>
      </div>
    </Card>
  )
}
