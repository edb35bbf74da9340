import { UnstyledButton } from '@mantine/core'
import { IconCheck, IconCircleDashed, IconX } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import type { ProposalRow } from '#contract/mining.ts'
import { useTexts } from '../../texts/i18n.ts'
import classes from '../../ui/desk.module.css'
import { Sensitivity } from '../../ui/sensitivity.tsx'
import { Status } from '../../ui/status.tsx'
import { useMiningWords } from './mining-words.ts'

export const LOOKS = {
  open: { tone: 'quiet', icon: IconCircleDashed },
  accepted: { tone: 'ok', icon: IconCheck },
  rejected: { tone: 'quiet', icon: IconX },
} as const

/** The proposals, one button each. */
export function ProposalList(props: {
  rows: readonly ProposalRow[]
  chosen: string | undefined
  onChoose: (id: string) => void
}) {
  const { t } = useTexts()
  const words = useMiningWords()
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    const entry = list.current?.querySelector(`[data-case="${CSS.escape(props.chosen ?? '')}"]`)
    entry?.scrollIntoView({ block: 'nearest' })
  }, [props.chosen])
  return (
    <ul ref={list} className={classes.list} aria-label={t('mining.list')}>
      {props.rows.map(row => {
        const id = String(row.nr)
        return (
          <li key={id}>
            <UnstyledButton
              className={classes.entry}
              data-case={id}
              aria-current={props.chosen === id ? 'true' : undefined}
              onClick={() => props.onChoose(id)}
            >
              <span className={classes.entryHead}>
                <span className={classes.entryTitle}>{row.name ?? words.who(row.description)}</span>
                {row.state !== 'open' && (
                  <Status {...LOOKS[row.state]} plain>
                    {t(`mining.proposalState.${row.state}`)}
                  </Status>
                )}
                <Sensitivity sensitivity={row.sensitivity} />
              </span>
              <span className="meta">{words.line(row)}</span>
            </UnstyledButton>
          </li>
        )
      })}
    </ul>
  )
}
