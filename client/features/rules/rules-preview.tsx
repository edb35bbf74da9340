import { Button } from '@mantine/core'
import { IconHandStop } from '@tabler/icons-react'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { previewRules } from '#contract/rules.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card, Facts } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { Empty } from '../../ui/states.tsx'
import { Guards } from './guards.tsx'
import classes from './rules-preview.module.css'

type Preview = ResponseOf<typeof previewRules>
type Line = { key: 'rules' | 'roles' | 'mappings'; added: number; changed: number; removed: number }

/** The plan card of an import: what changes in the rules, what that does to people, what the brake says. */
export function RulesPreview(props: { preview: Preview; applying: boolean; onApply: () => void }) {
  const { t, number } = useTexts()
  const { preview } = props
  const lines: Line[] = (['rules', 'roles', 'mappings'] as const).map(key => ({ key, ...preview[key] }))
  const nothing = lines.every(line => line.added + line.changed + line.removed === 0)
  const held = preview.heldBack.length > 0
  const columns: Column<Line>[] = [
    { key: 'what', label: t('import.what'), cell: row => t(`import.${row.key}`) },
    { key: 'added', label: t('import.added'), number: true, cell: row => number(row.added) },
    { key: 'changed', label: t('import.changed'), number: true, cell: row => number(row.changed) },
    { key: 'removed', label: t('import.removed'), number: true, cell: row => number(row.removed) },
  ]
  if (nothing)
    return (
      <Card>
        <Empty good title={t('import.nothing')} />
      </Card>
    )
  return (
    <section className="stack" aria-labelledby="import-result">
      <h2 id="import-result" className="section">
        {t('import.result')}
      </h2>
      <Facts
        facts={[
          { label: t('import.people'), value: <b className={classes.big}>{number(preview.people)}</b> },
          { label: t('import.gains'), value: <b className={classes.big}>+{number(preview.gains)}</b> },
          { label: t('import.losses'), value: <b className={classes.big}>−{number(preview.losses)}</b> },
          ...(preview.withheld > 0
            ? [{ label: t('import.withheld'), value: <b className={classes.big}>{number(preview.withheld)}</b> }]
            : []),
        ]}
      />
      {preview.withheld > 0 && <p>{t('import.withheldHelp')}</p>}
      <p>
        {preview.orders.systems === 0
          ? t('import.noOrders')
          : t('import.orders', {
              give: number(preview.orders.give),
              take: number(preview.orders.take),
              systems: number(preview.orders.systems),
            })}
      </p>
      <DataTable
        caption={t('import.caption')}
        columns={columns}
        rows={lines}
        rowKey={line => line.key}
        empty={<Empty title={t('import.nothing')} />}
      />
      {held && (
        <Card tone="wait" title={t('import.held')} level={3} aside={<IconHandStop size={20} aria-hidden />}>
          <p>{t('import.heldHelp')}</p>
          <Guards heldBack={preview.heldBack} />
        </Card>
      )}
      {preview.examples.length > 0 && (
        <Card title={t('import.examples')} level={3}>
          <ul className={classes.examples}>
            {preview.examples.map(example => (
              <li key={example.person.id}>
                <PersonLink person={example.person} />
                {example.gains.length > 0 && (
                  <p>
                    <span className="dim">{t('import.gets')}:</span> {example.gains.join(', ')}
                  </p>
                )}
                {example.withheld.length > 0 && (
                  <p>
                    <span className="dim">{t('import.withheld')}:</span> {example.withheld.join(', ')}
                  </p>
                )}
                {example.losses.length > 0 && (
                  <p>
                    <span className="dim">{t('import.loses')}:</span> {example.losses.join(', ')}
                  </p>
                )}
              </li>
            ))}
          </ul>
        </Card>
      )}
      <div>
        <Button loading={props.applying} onClick={props.onApply}>
          {t(held ? 'import.applyHeld' : 'import.apply')}
        </Button>
      </div>
    </section>
  )
}
