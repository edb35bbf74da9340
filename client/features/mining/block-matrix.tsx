import { VisuallyHidden } from '@mantine/core'
import type { ProposalPage } from '#contract/mining.ts'
import { useTexts } from '../../texts/i18n.ts'
import { PersonLink } from '../../ui/person-link.tsx'
import classes from './mining.module.css'

/** Wider than this nobody sees the block any more. */
const MOST_RIGHTS = 40
const GROUPS = ['inside', 'newly', 'outside'] as const

/** People down, rights across: those who hold it stand together, then those who would get something. */
export function BlockMatrix({ proposal }: { proposal: ProposalPage }) {
  const { t } = useTexts()
  const rights = proposal.rights.slice(0, MOST_RIGHTS)
  if (proposal.people.length === 0) return null
  return (
    <div>
      <h3>{t('mining.block')}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse */}
      <section className={classes.scroll} aria-label={t('mining.block')} tabIndex={0}>
        <table className={classes.block}>
          <caption>{t('mining.blockCaption')}</caption>
          <thead>
            <tr>
              <td />
              {rights.map((right, at) => (
                <th key={right.key} scope="col" title={right.name}>
                  {at + 1}
                </th>
              ))}
            </tr>
          </thead>
          {GROUPS.map(group => {
            const people = proposal.people.filter(row => row.group === group)
            if (people.length === 0) return null
            return (
              <tbody key={group}>
                <tr>
                  <th scope="rowgroup" colSpan={rights.length + 1} className={classes.group}>
                    {t(`mining.group.${group}`)}
                  </th>
                </tr>
                {people.map(row => {
                  const held = new Set(row.held)
                  return (
                    <tr key={row.person.id}>
                      <th scope="row">
                        <PersonLink person={row.person} />
                        {row.unit && <span className="meta"> {row.unit.name}</span>}
                      </th>
                      {rights.map((right, at) => (
                        <td key={right.key}>
                          <span className={classes.cell} data-held={held.has(at) || undefined} aria-hidden />
                          <VisuallyHidden>{t(held.has(at) ? 'mining.has' : 'mining.hasNot')}</VisuallyHidden>
                        </td>
                      ))}
                    </tr>
                  )
                })}
              </tbody>
            )
          })}
        </table>
      </section>
      {proposal.rights.length > MOST_RIGHTS && <p className="meta">{t('mining.blockMore', { count: MOST_RIGHTS })}</p>}
      {proposal.notShown > 0 && <p className="meta">{t('mining.notShown', { count: proposal.notShown })}</p>}
    </div>
  )
}
