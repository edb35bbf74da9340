import { Button } from '@mantine/core'
import { IconCircleCheck, IconCircleDashed } from '@tabler/icons-react'
import { type ReactNode, useRef } from 'react'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import classes from './lifecycle.module.css'

/** A part of the form; one line once it is done with, and open again with one press. */
export function FormCard(props: {
  title: string
  /** What the line says. */
  summary: ReactNode
  open: boolean
  /** Nothing is in it, and nothing has to be. */
  empty?: boolean
  onOpen: () => void
  onDone: () => void
  children: ReactNode
}) {
  const { t } = useTexts()
  const box = useRef<HTMLDivElement>(null)
  const toFirst = () => setTimeout(() => box.current?.querySelector<HTMLElement>('input, select, button')?.focus(), 0)
  if (!props.open)
    return (
      <div ref={box}>
        <Card flush>
          <div className={classes.line}>
            {props.empty ? (
              <IconCircleDashed size={20} aria-hidden data-empty />
            ) : (
              <IconCircleCheck size={20} aria-hidden />
            )}
            <div className={classes.lineText}>
              <h2>{props.title}</h2>
              <div className="meta">{props.summary}</div>
            </div>
            <Button
              variant="subtle"
              size="compact-sm"
              aria-label={t('reports.cardEditOf', { name: props.title })}
              onClick={() => {
                props.onOpen()
                toFirst()
              }}
            >
              {t('reports.cardEdit')}
            </Button>
          </div>
        </Card>
      </div>
    )
  return (
    <div ref={box}>
      <Card title={props.title}>
        <div className={classes.fields}>
          {props.children}
          <div className={classes.foot}>
            <Button variant="default" size="xs" onClick={props.onDone}>
              {t('reports.cardDone')}
            </Button>
          </div>
        </div>
      </Card>
    </div>
  )
}
