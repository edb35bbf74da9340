import { Checkbox, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import type { BodyInput } from '#contract/endpoint.ts'
import { listFindings } from '#contract/findings.ts'
import { lastDay } from '../../lib/formats.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Pager } from '../../ui/pager.tsx'
import { Answer } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'
import { causeText, codeIcon, type FindingGroup, type FindingRow, severityTone, subjectText } from './finding-words.ts'
import classes from './findings.module.css'

const SHOWN = 100
export type Filters = Omit<BodyInput<typeof listFindings>, 'cause' | 'offset' | 'limit'>

/** Lines of causes; the open one has its findings below it. */
export function FindingList(props: {
  groups: readonly FindingGroup[]
  filters: Filters
  open: string | undefined
  chosen: string | undefined
  selected: ReadonlySet<string>
  /** Where the page of the open line begins. */
  from: number
  onFrom: (from: number) => void
  onOpen: (key: string | undefined) => void
  onChoose: (id: string) => void
  onSelect: (id: string, on: boolean) => void
}) {
  const texts = useTexts()
  const { t, number, ago } = texts
  return (
    <ul className={classes.list} aria-label={t('findings.listLabel')}>
      {props.groups.map(group => {
        const open = group.key === props.open
        const Chevron = open ? IconChevronDown : IconChevronRight
        return (
          <li key={group.key} className={classes.item}>
            <UnstyledButton
              className={classes.line}
              data-case={group.key}
              aria-expanded={open}
              {...(open && !props.chosen ? { 'aria-current': true } : {})}
              onClick={() => props.onOpen(open && !props.chosen ? undefined : group.key)}
            >
              <Chevron size={18} aria-hidden />
              <span className={classes.title}>{causeText(texts, group)}</span>
              <span className={classes.count}>{number(group.count)}</span>
              <span className={classes.meta}>
                <Status tone={severityTone[group.severity]} icon={codeIcon[group.code]} plain>
                  {t(`findings.code.${group.code}`)}
                </Status>
                <span className="meta">{t(`findings.severity.${group.severity}`)}</span>
                {group.people > 1 && <span className="meta">{t('findings.people', { count: group.people })}</span>}
                <span className="meta">{t(`findings.owner.${group.owner}`)}</span>
                <span className="meta">{t('findings.since', { when: ago(group.oldest) })}</span>
              </span>
            </UnstyledButton>
            {open && <Rows {...props} group={group} />}
          </li>
        )
      })}
    </ul>
  )
}

function Rows(props: {
  group: FindingGroup
  filters: Filters
  chosen: string | undefined
  selected: ReadonlySet<string>
  from: number
  onFrom: (from: number) => void
  onChoose: (id: string) => void
  onSelect: (id: string, on: boolean) => void
}) {
  const texts = useTexts()
  const { t, date } = texts
  const query = useCall(
    listFindings,
    { body: { ...props.filters, cause: props.group.key, offset: props.from, limit: SHOWN } },
    { keep: true },
  )
  return (
    <Answer query={query}>
      {data => (
        <>
          <ul className={classes.rows} aria-label={t('findings.rowsOf')}>
            {data.rows.map(row => (
              <li key={row.id} className={classes.row} data-current={row.id === props.chosen || undefined}>
                <Checkbox
                  size="xs"
                  aria-label={t('findings.selectRow', { name: subjectText(texts, row) })}
                  checked={props.selected.has(row.id)}
                  onChange={event => props.onSelect(row.id, event.currentTarget.checked)}
                />
                <UnstyledButton
                  className={classes.open}
                  data-case={row.id}
                  {...(row.id === props.chosen ? { 'aria-current': true } : {})}
                  onClick={() => props.onChoose(row.id)}
                >
                  <span>{subjectText(texts, row)}</span>
                  <span className="meta">{where(row, props.group.entitlement === null, texts.language)}</span>
                  {row.exception && (
                    <span className="meta">
                      {[
                        t('findings.exceptionUntil', { date: date(lastDay(row.exception.until)) }),
                        row.exception.owner &&
                          t('findings.exceptionOf', {
                            name: row.exception.owner.name ?? t('findings.protectedPerson'),
                          }),
                      ]
                        .filter(Boolean)
                        .join(' · ')}
                    </span>
                  )}
                </UnstyledButton>
              </li>
            ))}
          </ul>
          {data.total > SHOWN && (
            <Pager
              offset={props.from}
              limit={SHOWN}
              total={data.total}
              onMove={props.onFrom}
              hint={false}
              of={causeText(texts, props.group)}
            />
          )}
        </>
      )}
    </Answer>
  )
}

const where = (row: FindingRow, named: boolean, language: 'da' | 'en'): string =>
  [
    row.title,
    row.unit?.name,
    row.account && (row.account.sourceName?.[language] ?? row.account.source),
    named ? row.entitlement?.name : null,
  ]
    .filter(Boolean)
    .join(' · ')
