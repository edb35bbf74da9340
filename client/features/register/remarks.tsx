import { IconAlertTriangle, IconMessage2 } from '@tabler/icons-react'
import type { Remark } from '#contract/register.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { Status } from '../../ui/status.tsx'
import classes from './register.module.css'
import { useRemarkWords } from './remark-words.ts'

/** What a colleague would say of the record. Nothing of it blocks but what must be put right before it is proposed. */
export function Remarks(props: { remarks: readonly Remark[] }) {
  const { t } = useTexts()
  const words = useRemarkWords()
  const ordered = props.remarks.toSorted((a, b) => Number(b.severity === 'must') - Number(a.severity === 'must'))
  return (
    <Card title={t('activity.remarks')}>
      {ordered.length === 0 ? (
        <p className="meta">{t('activity.remarksNone')}</p>
      ) : (
        <ul className={classes.list}>
          {ordered.map(one => (
            <li key={`${one.code} ${one.at}`}>
              {one.severity === 'must' ? (
                <Status tone="bad" icon={IconAlertTriangle} plain>
                  {t('activity.must')}
                </Status>
              ) : (
                <IconMessage2 size={14} aria-hidden style={{ verticalAlign: '-2px', marginRight: 4 }} />
              )}
              <span>{words(one)}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
