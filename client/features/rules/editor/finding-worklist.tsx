import { Button } from '@mantine/core'
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { listRuleFindings, type RuleFinding } from '#contract/rule-looks.ts'
import { useCall } from '../../../lib/query.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { Card } from '../../../ui/card.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Toggle } from '../../../ui/filters.tsx'
import { Pager } from '../../../ui/pager.tsx'
import { Answer, Empty } from '../../../ui/states.tsx'
import classes from './editor.module.css'
import { Others } from './finding-list.tsx'

const limit = 20

/** Rules and roles worth a look, by kind; folded until somebody wants them. */
export function FindingWorklist() {
  const { t, number } = useTexts()
  const [open, setOpen] = useState(false)
  const [code, setCode] = useState<RuleFinding['code'] | undefined>()
  const [offset, setOffset] = useState(0)
  const query = useCall(listRuleFindings, { query: { ...(code ? { code } : {}), offset, limit } }, { keep: true })
  const columns: Column<RuleFinding>[] = [
    {
      key: 'name',
      label: t('rules.columns.name'),
      cell: row =>
        row.kind === 'rule' ? (
          <Link to="/rules/$key" params={{ key: row.key }} className="link">
            {row.name}
          </Link>
        ) : (
          <Link to="/roles/$key" params={{ key: row.key }} className="link">
            {row.name}
          </Link>
        ),
    },
    {
      key: 'what',
      label: t('ruleDesk.findingWhat'),
      cell: row => (
        <>
          {t(`ruleDesk.finding.${row.code}`)}
          <div className="meta">{t(`ruleDesk.findingHelp.${row.code}`)}</div>
        </>
      ),
    },
    { key: 'others', label: t('ruleDesk.findingOthers'), rank: 2, cell: row => <Others finding={row} /> },
    { key: 'caught', label: t('rules.columns.caught'), number: true, rank: 3, cell: row => number(row.caught) },
  ]
  const total = query.data?.byCode.reduce((sum, one) => sum + one.count, 0) ?? 0
  return (
    <Card
      title={query.data ? `${t('ruleDesk.findings')} (${number(total)})` : t('ruleDesk.findings')}
      aside={
        <Button
          size="xs"
          variant="default"
          aria-expanded={open}
          rightSection={open ? <IconChevronUp size={14} aria-hidden /> : <IconChevronDown size={14} aria-hidden />}
          onClick={() => setOpen(!open)}
        >
          {t(open ? 'ruleDesk.findingsHide' : 'ruleDesk.findingsShow')}
        </Button>
      }
    >
      <div className={classes.stack}>
        <p className="dim">{t('ruleDesk.findingsHelp')}</p>
        {open && (
          <Answer query={query}>
            {found => (
              <>
                <div className={classes.actions}>
                  {found.byCode
                    .filter(one => one.count > 0)
                    .map(one => (
                      <Toggle
                        key={one.code}
                        on={code === one.code}
                        onChange={on => {
                          setCode(on ? one.code : undefined)
                          setOffset(0)
                        }}
                      >
                        {t(`ruleDesk.finding.${one.code}`)} {number(one.count)}
                      </Toggle>
                    ))}
                </div>
                <DataTable
                  caption={t('ruleDesk.findingsCaption')}
                  columns={columns}
                  rows={found.rows}
                  rowKey={row => `${row.code}${row.kind}${row.key}`}
                  stale={query.isPlaceholderData}
                  empty={<Empty good title={t('ruleDesk.findingsNone')} help={t('ruleDesk.findingsNoneHelp')} />}
                />
                <Pager offset={offset} limit={limit} total={found.total} onMove={setOffset} />
              </>
            )}
          </Answer>
        )}
      </div>
    </Card>
  )
}
