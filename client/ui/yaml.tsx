import { Button } from '@mantine/core'
import { IconCopy } from '@tabler/icons-react'
import { useTexts } from '../texts/i18n.ts'
import { announce } from './announcer.tsx'
import classes from './yaml.module.css'

/** Text for machines, one level down, with a button that copies it. */
export function Yaml(props: { label: string; text: string; open?: boolean }) {
  const { t } = useTexts()
  const copy = () => void navigator.clipboard.writeText(props.text).then(() => announce(t('do.copied')))
  return (
    <details className={classes.box} open={props.open ?? false}>
      <summary>{props.label}</summary>
      <Button variant="default" size="xs" leftSection={<IconCopy size={14} aria-hidden />} onClick={copy}>
        {t('do.copy')}
      </Button>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard */}
      <pre tabIndex={0}>{props.text}</pre>
    </details>
  )
}
