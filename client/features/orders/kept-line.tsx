import { type KeptAttribute, keptAttribute } from '#contract/account-types.ts'
import { useTexts } from '../../texts/i18n.ts'

/** What an account is to say, in words: for whoever writes it in by hand. */
export function KeptLine(props: { kept: Partial<Record<KeptAttribute, string | null>> }) {
  const { t } = useTexts()
  return (
    <ul style={{ margin: 0 }}>
      {keptAttribute.options.flatMap(one =>
        props.kept[one] === undefined ? (
          []
        ) : (
          <li key={one}>
            {t(`delivery.kept.${one}`)}: {props.kept[one] ?? t('tasks.keptEmpty')}
          </li>
        ),
      )}
    </ul>
  )
}
