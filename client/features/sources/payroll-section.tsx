import { Checkbox } from '@mantine/core'
import { useTexts } from '../../texts/i18n.ts'
import { at, listAt, textAt } from './declaration.ts'
import { ChoiceField, LinesField, NumberField, type SourceForm, TextField } from './fields.tsx'
import { PathField } from './path-field.tsx'
import classes from './sources.module.css'

/** Kinds whose files say what they hold: nothing is mapped. */
export const isPayroll = (kind: string): boolean => kind === 'opus' || kind === 'sd'

/** For a list that is somebody's payroll: what it says without a report opens a draft, where that is wanted. */
export function ListDrafts(props: { form: SourceForm }) {
  const { t } = useTexts()
  const { form } = props
  const on = at(form.value, ['drafts']) !== undefined && at(form.value, ['drafts', 'open']) !== false
  return (
    <div className={classes.fields}>
      <div className={classes.wide}>
        <Checkbox
          label={t('sources.payroll.drafts')}
          description={t('sources.payroll.draftsHint')}
          checked={on}
          onChange={event => form.set(['drafts'], event.currentTarget.checked ? { open: true } : undefined)}
        />
      </div>
      {on && (
        <NumberField
          form={form}
          path={['drafts', 'days']}
          label={t('sources.payroll.days')}
          hint={t('sources.payroll.daysHint')}
        />
      )}
    </div>
  )
}

/** A payroll: the folder of its files, what its days and codes mean here, and what it opens without a report. */
export function PayrollSection(props: { form: SourceForm }) {
  const { t } = useTexts()
  const { form } = props
  const opus = textAt(form.value, ['kind']) === 'opus'
  const rules = listAt(form.value, ['leaveOut']).length
  return (
    <div className={classes.fields}>
      <PathField form={form} path={['drops', 'folder']} label={t('sources.folder')} hint={t('sources.folderHint')} />
      <ChoiceField
        form={form}
        path={['drops', 'content']}
        label={t('sources.content')}
        none={t('sources.contents.full')}
        data={[{ value: 'changes', label: t('sources.contents.changes') }]}
      />
      {opus && (
        <TextField
          form={form}
          path={['pattern']}
          label={t('sources.pattern')}
          hint={t('sources.payroll.patternHint')}
        />
      )}
      <ChoiceField
        form={form}
        path={['tree']}
        label={t('sources.payroll.tree')}
        none={t('sources.payroll.trees.pay')}
        data={[{ value: 'admin', label: t('sources.payroll.trees.admin') }]}
      />
      {opus && (
        <>
          <ChoiceField
            form={form}
            path={['leaveDate']}
            label={t('sources.payroll.leaveDate')}
            none={t('sources.payroll.leaveDates.last-day')}
            data={[{ value: 'day-after', label: t('sources.payroll.leaveDates.day-after') }]}
          />
          <LinesField
            form={form}
            path={['hourlyContracts']}
            label={t('sources.payroll.hourly')}
            hint={t('sources.payroll.hourlyHint')}
          />
        </>
      )}
      <NumberField
        form={form}
        path={['drafts', 'days']}
        label={t('sources.payroll.days')}
        hint={t('sources.payroll.daysHint')}
      />
      <div className={classes.wide}>
        <Checkbox
          label={t('sources.payroll.drafts')}
          description={t('sources.payroll.draftsHint')}
          checked={at(form.value, ['drafts', 'open']) !== false}
          onChange={event => form.set(['drafts', 'open'], event.currentTarget.checked ? undefined : false)}
        />
      </div>
      {rules > 0 && <p className="dim">{t('sources.payroll.rules', { count: rules })}</p>}
    </div>
  )
}
