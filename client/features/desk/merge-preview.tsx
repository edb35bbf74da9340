import type { ResponseOf } from '#contract/endpoint.ts'
import type { previewMerge } from '#contract/person-matches.ts'
import { useTexts } from '../../texts/i18n.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import classes from '../../ui/desk.module.css'

type Preview = ResponseOf<typeof previewMerge>
type Line = 'affiliations' | 'accounts' | 'expected' | 'observed'

/** Before and after of a merge: counts, affiliations and which is primary, rights that come or go. */
export function MergePreview(props: { preview: Preview }) {
  const { t, number } = useTexts()
  const { preview } = props
  const name = (side: Preview['survivor']) => side.person.name ?? t('people.protectedPerson')
  const figure = (side: 'survivor' | 'absorbed' | 'after', label: string): Column<Line> => ({
    key: side,
    label,
    number: true,
    cell: line => number(preview[side][line]),
  })
  const columns: Column<Line>[] = [
    { key: 'what', label: t('sync.what'), cell: line => t(`pairs.${line}`) },
    figure('survivor', name(preview.survivor)),
    figure('absorbed', name(preview.absorbed)),
    figure('after', t('pairs.after')),
  ]
  return (
    <>
      <DataTable
        caption={t('pairs.previewCaption')}
        columns={columns}
        rows={['affiliations', 'accounts', 'expected', 'observed'] as const}
        rowKey={line => line}
        empty={null}
      />
      <ul className={classes.decisions}>
        {preview.affiliations.map(one => (
          <li key={one.id}>
            {[one.title ?? t(`enum.affiliation.${one.kind}`), one.unit?.name].filter(Boolean).join(', ')}
            <span className="meta">
              {' '}
              {[
                t(`pairs.from.${one.from}`),
                one.primaryAfter ? t('pairs.primary') : one.primaryBefore ? t('pairs.wasPrimary') : null,
              ]
                .filter(Boolean)
                .join(', ')}
            </span>
          </li>
        ))}
        {preview.accounts.map(one => (
          <li key={one.id}>
            {one.username}
            <span className="meta">
              {' '}
              {one.source}, {t(`pairs.from.${one.from}`)}
            </span>
          </li>
        ))}
      </ul>
      {preview.gains.length + preview.losses.length === 0 ? (
        <p>{t('pairs.sameRights')}</p>
      ) : (
        (['gains', 'losses'] as const)
          .filter(which => preview[which].length > 0)
          .map(which => (
            <details key={which}>
              <summary>{t(`pairs.${which}`, { count: preview[which].length })}</summary>
              <ul className={classes.decisions}>
                {preview[which].map(right => (
                  <li key={right.key}>
                    {right.name}, {right.system}
                  </li>
                ))}
              </ul>
            </details>
          ))
      )}
      <p>
        {preview.orders.systems === 0
          ? t('pairs.noOrders')
          : t('pairs.orders', {
              give: number(preview.orders.give),
              take: number(preview.orders.take),
              systems: number(preview.orders.systems),
            })}
      </p>
    </>
  )
}
