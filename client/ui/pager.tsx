import { ActionIcon } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useTexts } from '../texts/i18n.ts'
import classes from './pager.module.css'

/** "1-50 af 3.012" and two buttons. `offset` counts rows from 0. */
export function Pager(props: {
  offset: number
  limit: number
  total: number | undefined
  onMove: (offset: number) => void
  hint?: boolean
  /** Whose pages these are, where a screen has several lists. */
  of?: string
}) {
  const { t, number } = useTexts()
  const { offset, limit, total } = props
  if (total === undefined || total === 0) return null
  const to = Math.min(offset + limit, total)
  return (
    <nav
      className={`${classes.pager} no-print`}
      aria-label={props.of ? `${t('list.pages')}: ${props.of}` : t('list.pages')}
    >
      <span className="meta">{props.hint !== false && t('list.keys')}</span>
      <div className={classes.move}>
        <span className={classes.range}>
          {t('list.range', { from: number(offset + 1), to: number(to), total: number(total) })}
        </span>
        {total > limit && (
          <>
            <ActionIcon
              variant="default"
              aria-label={t('do.previous')}
              aria-disabled={offset === 0}
              data-disabled={offset === 0 || undefined}
              onClick={() => offset > 0 && props.onMove(Math.max(0, offset - limit))}
            >
              <IconChevronLeft size={18} aria-hidden />
            </ActionIcon>
            <ActionIcon
              variant="default"
              aria-label={t('do.next')}
              aria-disabled={to >= total}
              data-disabled={to >= total || undefined}
              onClick={() => to < total && props.onMove(offset + limit)}
            >
              <IconChevronRight size={18} aria-hidden />
            </ActionIcon>
          </>
        )}
      </div>
    </nav>
  )
}
