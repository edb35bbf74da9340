import { Button } from '@mantine/core'
import { getKleRetention } from '#contract/kle.ts'
import { useCall } from '../../../lib/query.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { ruleWords } from '../content-words.ts'
import classes from '../register.module.css'
import type { Rule } from './draft.ts'

const NUMBER = /^\d{2}(\.\d{2}){0,2}$/

/** Limits that KLE proposes for the tasks of the record, where KLE has been read in. Those that stand are left out. */
export function KleRetention(props: { kle: readonly string[]; rules: readonly Rule[]; onAdd: (rule: Rule) => void }) {
  const texts = useTexts()
  const { t, number } = texts
  const numbers = props.kle.filter(one => NUMBER.test(one)).slice(0, 60)
  const { data } = useCall(
    getKleRetention,
    { query: { kle: numbers.join(',') } },
    { enabled: numbers.length > 0, keep: true },
  )
  const taken = new Set(props.rules.map(rule => rule.key))
  const open = (numbers.length > 0 ? (data?.proposals ?? []) : []).filter(one => !taken.has(one.rule.key))
  if (open.length === 0) return null
  return (
    <section aria-label={t('kle.proposals')}>
      <h3>{t('kle.proposals')}</h3>
      <ul className={classes.list}>
        {open.slice(0, 12).map(one => (
          <li key={one.rule.key}>
            {ruleWords(texts, one.rule)} · {t(`activity.archive.${one.rule.archive}`)}{' '}
            <Button
              size="compact-sm"
              variant="default"
              aria-label={t('kle.useOf', { rule: ruleWords(texts, one.rule), kle: one.kle })}
              onClick={() => props.onAdd(one.rule)}
            >
              {t('kle.use')}
            </Button>
            <div className="meta">
              {one.rule.basis} · {t('kle.subjects', { subjects: number(one.subjects), of: number(one.of) })}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
