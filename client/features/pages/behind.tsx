import { Code } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getSystemParts } from '#contract/pages.ts'
import { useCall } from '../../lib/query.ts'
import { useMay } from '../../lib/session.ts'
import { constraintText } from '../../texts/field-text.ts'
import { useTexts } from '../../texts/i18n.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Answer, Empty } from '../../ui/states.tsx'

type Parts = ResponseOf<typeof getSystemParts>

/** What stands behind the rights of a system or, with `entitlement`, of one of them. */
export function Behind(props: { systemId: string; entitlement?: string }) {
  const query = useCall(getSystemParts, {
    params: { systemId: props.systemId },
    query: props.entitlement ? { entitlement: props.entitlement } : {},
  })
  return (
    <Answer query={query}>
      {parts => (
        <div className="stack">
          {props.entitlement === undefined && <Lacks parts={parts} systemId={props.systemId} />}
          <Drift parts={parts} {...props} />
          <Rules parts={parts} />
          {/* The page of a right has its groups in its composition. */}
          {props.entitlement === undefined && <Groups parts={parts} />}
          <Nobodys parts={parts} />
          {(props.entitlement !== undefined || parts.limits.length > 0) && <Limits parts={parts} />}
        </div>
      )}
    </Answer>
  )
}

function Section<Row>(props: {
  title: string
  note?: ReactNode
  columns: Column<Row>[]
  rows: Row[]
  rowKey: (row: Row) => string
  none: string
  good?: boolean
}) {
  return (
    <section className="stack">
      <h2 className="section">{props.title}</h2>
      {props.rows.length > 0 && props.note}
      <DataTable
        caption={props.title}
        columns={props.columns}
        rows={props.rows}
        rowKey={props.rowKey}
        empty={<Empty title={props.none} good={props.good ?? false} />}
      />
    </section>
  )
}

/** Where what a system lacks is settled; by whoever may, the screens say themselves. */
const SETTLED_AT = {
  'no-owner': 'sheet',
  'no-contract': 'sheet',
  'not-read': 'userList',
  'no-groups': 'groups',
  attest: 'attest',
  'notice-30': 'sheet',
  'notice-60': 'sheet',
  'notice-90': 'sheet',
} as const satisfies Record<Parts['lacks'][number], string>
const WAYS = {
  sheet: '/systems/$systemId/sheet',
  userList: '/systems/$systemId/user-list',
  groups: '/group-mappings',
  attest: '/systems/$systemId/attest',
} as const

/** What the owner of the system should see to. */
function Lacks(props: { parts: Parts; systemId: string }) {
  const { t } = useTexts()
  return (
    <Section
      title={t('pages.behind.lacks')}
      columns={[
        { key: 'what', label: t('pages.behind.lack'), cell: row => t(`catalogue.list.gaps.${row}`) },
        {
          key: 'way',
          label: t('pages.behind.way'),
          cell: row => (
            <Link to={WAYS[SETTLED_AT[row]]} params={{ systemId: props.systemId }} className="link">
              {t(`pages.behind.ways.${SETTLED_AT[row]}`)}
            </Link>
          ),
        },
      ]}
      rows={props.parts.lacks}
      rowKey={row => row}
      none={t('pages.behind.lacksNone')}
      good
    />
  )
}

function Drift(props: { parts: Parts; systemId: string; entitlement?: string }) {
  const { t, number } = useTexts()
  const may = useMay()
  if (!may('finding.read')) return null
  // The numbers are also those of kinds that are only counted, and so is the list that they lead to.
  const same = {
    system: props.systemId,
    ...(props.entitlement ? { entitlement: props.entitlement } : {}),
    counted: true,
  }
  return (
    <Section
      title={t('pages.behind.drift')}
      note={
        <p>
          <Link to="/findings" search={same} className="link">
            {t('pages.behind.toFindings')}
          </Link>
          {' · '}
          <Link to="/findings/trend" search={{ system: props.systemId }} className="link">
            {t(props.entitlement ? 'pages.behind.toSystemTrend' : 'pages.behind.toTrend')}
          </Link>
        </p>
      }
      columns={[
        {
          key: 'kind',
          label: t('pages.behind.driftKind'),
          cell: row => (
            <Link to="/findings" search={{ ...same, code: row.code }} className="link">
              {t(`findings.code.${row.code}`)}
            </Link>
          ),
        },
        { key: 'open', label: t('pages.behind.driftOpen'), number: true, cell: row => number(row.open) },
      ]}
      rows={props.parts.findings}
      rowKey={row => row.code}
      none={t('pages.behind.driftNone')}
      good
    />
  )
}

function Rules(props: { parts: Parts }) {
  const { t, number } = useTexts()
  const may = useMay()
  return (
    <Section
      title={t('pages.behind.rules')}
      columns={[
        {
          key: 'rule',
          label: t('pages.behind.ruleName'),
          cell: row =>
            may('rule.read') ? (
              <Link to="/rules/$key" params={{ key: row.key }} className="link">
                {row.name}
              </Link>
            ) : (
              row.name
            ),
        },
        { key: 'people', label: t('pages.behind.rulePeople'), number: true, cell: row => number(row.people) },
      ]}
      rows={props.parts.rules}
      rowKey={row => row.key}
      none={t('pages.behind.rulesNone')}
    />
  )
}

function Groups(props: { parts: Parts }) {
  const { t, number, language } = useTexts()
  return (
    <Section
      title={t('pages.behind.groups')}
      columns={[
        { key: 'group', label: t('pages.behind.group'), cell: row => row.name },
        { key: 'right', label: t('pages.right'), cell: row => row.entitlement.name },
        { key: 'pattern', label: t('pages.behind.pattern'), rank: 2, cell: row => <Code>{row.pattern}</Code> },
        {
          key: 'source',
          label: t('pages.behind.source'),
          rank: 1,
          cell: row => row.sourceName?.[language] ?? row.source,
        },
        { key: 'members', label: t('pages.behind.members'), number: true, cell: row => number(row.members) },
      ]}
      rows={props.parts.groups}
      rowKey={row => `${row.id}${row.entitlement.id}`}
      none={t('pages.behind.groupsNone')}
    />
  )
}

function Nobodys(props: { parts: Parts }) {
  const { t, language } = useTexts()
  const may = useMay()
  return (
    <Section
      title={t('pages.behind.nobodys')}
      note={
        <p className="dim">
          {t('pages.behind.nobodysHelp')}{' '}
          {may('link.read') && (
            <Link to="/desk" className="link">
              {t('pages.behind.toDesk')}
            </Link>
          )}
        </p>
      }
      columns={[
        { key: 'account', label: t('pages.behind.account'), cell: row => row.username },
        {
          key: 'kind',
          label: t('pages.behind.kind'),
          rank: 2,
          cell: row => t(`enum.accountKind.${row.kind}`),
        },
        {
          key: 'source',
          label: t('pages.behind.source'),
          rank: 1,
          cell: row => row.sourceName?.[language] ?? row.source,
        },
        { key: 'rights', label: t('pages.behind.rights'), cell: row => row.rights.join(', ') },
      ]}
      rows={props.parts.nobodys}
      rowKey={row => row.id}
      none={t('pages.behind.nobodysNone')}
      good
    />
  )
}

function Limits(props: { parts: Parts }) {
  const { t, number } = useTexts()
  return (
    <Section
      title={t('pages.behind.limits')}
      columns={[
        { key: 'kind', label: t('pages.behind.limitKind'), cell: row => constraintText(t, row.kind) },
        { key: 'value', label: t('pages.behind.limitValue'), cell: row => row.value },
        { key: 'count', label: t('pages.behind.limitCount'), number: true, cell: row => number(row.count) },
      ]}
      rows={props.parts.limits}
      rowKey={row => `${row.kind}${row.value}`}
      none={t('pages.behind.limitsNone')}
    />
  )
}
