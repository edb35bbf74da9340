import { Button, Checkbox, Code, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import classes from './enrol-factor.module.css'

/** Shown once: one goes on after having said that they are saved. */
export function RecoveryCodes(props: { codes: readonly string[]; onDone: () => void }) {
  const { t } = useTexts()
  const [saved, setSaved] = useState(false)
  const [reminded, setReminded] = useState(false)
  return (
    <Card title={t('factor.codesTitle')}>
      <Stack gap={16}>
        <p className="dim">{t('factor.codesLead')}</p>
        <ul className={classes.codes}>
          {props.codes.map(code => (
            <li key={code}>
              <Code>{code}</Code>
            </li>
          ))}
        </ul>
        <Button variant="default" onClick={() => void navigator.clipboard.writeText(props.codes.join('\n'))}>
          {t('do.copy')}
        </Button>
        <Checkbox
          label={t('factor.codesSaved')}
          checked={saved}
          onChange={event => setSaved(event.currentTarget.checked)}
          error={reminded && !saved ? t('factor.codesNeeded') : null}
        />
        <Button onClick={() => (saved ? props.onDone() : setReminded(true))}>{t('factor.done')}</Button>
      </Stack>
    </Card>
  )
}
