import { Alert, Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ProposalPage } from '#contract/mining.ts'
import { useTexts } from '../../texts/i18n.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import classes from '../../ui/desk.module.css'
import { Sensitivity } from '../../ui/sensitivity.tsx'
import { Empty } from '../../ui/states.tsx'
import { Status } from '../../ui/status.tsx'
import { BlockMatrix } from './block-matrix.tsx'
import own from './mining.module.css'
import { fitsPoorly, useMiningWords } from './mining-words.ts'
import { LOOKS } from './proposal-list.tsx'

type Right = ProposalPage['rights'][number] & { nr: number }

/** A proposal with everything to decide about it by. */
export function ProposalDetail(props: {
  proposal: ProposalPage
  busy: boolean
  problem: string | null
  onAccept: () => void
  onReject: () => void
  onUndo: () => void
}) {
  const { t } = useTexts()
  const words = useMiningWords()
  const { proposal } = props
  const { may, draft, holders, hits, meets, newly } = proposal
  const columns: Column<Right>[] = [
    { key: 'nr', label: t('mining.columns.nr'), cell: row => row.nr, width: '3.5rem' },
    {
      key: 'right',
      label: t('mining.columns.right'),
      cell: row => (
        <>
          {row.name}
          {row.privileged && <span className="meta"> {t('mining.privileged')}</span>}
          {row.gone && <span className="meta"> {t('mining.gone')}</span>}
        </>
      ),
    },
    {
      key: 'system',
      label: t('mining.columns.system'),
      cell: row => (
        <Link to="/systems/$systemId" params={{ systemId: row.systemId }} className="link">
          {row.system}
        </Link>
      ),
    },
    {
      key: 'data',
      label: t('mining.columns.data'),
      rank: 2,
      cell: row => <Sensitivity sensitivity={row.sensitivity} />,
    },
  ]
  return (
    <>
      <div className={classes.detailHead}>
        <h2>{proposal.name ?? words.who(proposal.description)}</h2>
        <Status {...LOOKS[proposal.state]}>{t(`mining.proposalState.${proposal.state}`)}</Status>
      </div>
      {proposal.name && <p className="dim">{words.who(proposal.description)}</p>}
      <ul className={own.plain}>
        <li>{t('mining.hits', { meets, hits })}</li>
        <li>{newly === 0 ? t('mining.newlyNone') : t('mining.newly', { count: newly })}</li>
        {holders > hits && <li>{t('mining.outside', { count: holders - hits })}</li>}
      </ul>
      {fitsPoorly(proposal) && <Alert color="yellow">{t('mining.poor')}</Alert>}
      <p className="meta">{t('mining.primaryOnly')}</p>
      {proposal.reason && <p>{t('mining.rejectedBecause', { reason: proposal.reason })}</p>}
      {props.problem && (
        <p role="alert" className={classes.wrong}>
          {props.problem}
        </p>
      )}
      <div className={classes.actions}>
        {may.accept && (
          <Button onClick={props.onAccept} loading={props.busy}>
            {t('mining.accept')}
          </Button>
        )}
        {may.reject && (
          <Button variant="default" onClick={props.onReject} loading={props.busy}>
            {t('mining.reject')}
          </Button>
        )}
        {may.undo && (
          <Button variant="default" onClick={props.onUndo} loading={props.busy}>
            {t('mining.undo')}
          </Button>
        )}
        {draft && (
          <>
            <Button component={Link} to={`/drafts/${draft.draftId}`} variant="default">
              {t('mining.openDraft')}
            </Button>
            <Button component={Link} to={`/rules/${encodeURIComponent(draft.ruleKey)}/edit`} variant="default">
              {t('mining.openRule')}
            </Button>
            <Button component={Link} to={`/roles/${encodeURIComponent(draft.roleKey)}/edit`} variant="default">
              {t('mining.openRole')}
            </Button>
          </>
        )}
      </div>
      {may.reject && !may.accept && <p className="meta">{t('mining.mayNotAccept')}</p>}
      <div className={own.two}>
        <section>
          <h3>{t('mining.like')}</h3>
          <Likes proposal={proposal} />
        </section>
        <section>
          <h3>{t('mining.covers')}</h3>
          {proposal.coversRules.length === 0 ? (
            <p className="meta">{t('mining.coversNone')}</p>
          ) : (
            <ul className={own.plain}>
              {proposal.coversRules.map(rule => (
                <li key={rule.key}>
                  <Link to="/rules/$key" params={{ key: rule.key }} className="link">
                    {rule.name}
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </section>
        <section>
          <h3>{t('mining.byUnit')}</h3>
          <ul className={own.plain}>
            {proposal.byUnit.map(row => (
              <li key={row.unit?.id ?? ''}>
                {`${row.unit?.name ?? t('mining.noUnit')}: ${t('mining.linePeople', { count: row.people })}`}
              </li>
            ))}
          </ul>
        </section>
      </div>
      <section>
        <h3>{t('mining.rights')}</h3>
        <DataTable
          caption={t('mining.rightsCaption')}
          columns={columns}
          rows={proposal.rights.map((right, at) => ({ ...right, nr: at + 1 }))}
          rowKey={row => row.key}
          empty={<Empty title={t('mining.gone')} />}
        />
      </section>
      <BlockMatrix proposal={proposal} />
    </>
  )
}

function Likes({ proposal }: { proposal: ProposalPage }) {
  const { t, percent } = useTexts()
  if (proposal.likeRoles.length === 0) return <p className="meta">{t('mining.likeNone')}</p>
  return (
    <ul className={own.plain}>
      {proposal.likeRoles.map(role => (
        <li key={role.key}>
          <Link to="/roles/$key" params={{ key: role.key }} className="link">
            {role.jaccard === 1
              ? t('mining.likeSame', { name: role.name })
              : t('mining.likeNear', { name: role.name, common: role.common, share: percent(role.jaccard) })}
          </Link>
        </li>
      ))}
    </ul>
  )
}
