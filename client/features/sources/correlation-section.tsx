import { useTexts } from '../../texts/i18n.ts'
import { CompareBy } from './compare-by.tsx'
import { at } from './declaration.ts'
import { CheckField, ChoiceField, LinesField, NumberField, type SourceForm } from './fields.tsx'
import classes from './sources.module.css'

/** Whose the accounts of a source are: among whom they look, and how certain a link by rule has to be. */
export function CorrelationSection(props: { form: SourceForm; usual: unknown }) {
  const { t } = useTexts()
  const { form } = props
  const usual = (name: string) => {
    const value = at(props.usual, ['correlation', name])
    return typeof value === 'number' ? t('sources.usualIs', { value: String(value) }) : t('sources.usualHint')
  }
  // Left out means yes, so only the exception is written.
  const onlyShow: SourceForm = {
    ...form,
    value: { ...form.value, correlation: { link: at(form.value, ['correlation', 'link']) === false } },
    set: (_, next) => form.set(['correlation', 'link'], next ? false : undefined),
  }
  return (
    <div className={classes.fields}>
      <ChoiceField
        form={form}
        path={['correlation', 'realm']}
        label={t('sources.realm')}
        none={t('enum.realm.staff')}
        data={[{ value: 'pupil', label: t('enum.realm.pupil') }]}
      />
      <div className={`${classes.wide} ${classes.checks}`}>
        <CheckField form={onlyShow} path={['correlation', 'link']} label={t('sources.onlyShow')} />
      </div>
      <NumberField form={form} path={['correlation', 'certain']} label={t('sources.certain')} hint={usual('certain')} />
      <NumberField
        form={form}
        path={['correlation', 'candidate']}
        label={t('sources.candidate')}
        hint={usual('candidate')}
      />
      <CompareBy form={form} />
      <LinesField
        form={form}
        path={['correlation', 'outOfScope', 'usernames']}
        label={t('sources.leftOutNames')}
        hint={t('sources.leftOutNamesHint')}
      />
      <LinesField
        form={form}
        path={['correlation', 'outOfScope', 'below']}
        label={t('sources.leftOutBelow')}
        hint={t('sources.leftOutBelowHint')}
      />
    </div>
  )
}
