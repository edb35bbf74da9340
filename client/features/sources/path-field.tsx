import { useTexts } from '../../texts/i18n.ts'
import type { Path } from './declaration.ts'
import { ChoiceField, type SourceForm, TextField } from './fields.tsx'

/** A file or folder below the one that is set for them: chosen where the server can see what there is. */
export function PathField(props: { form: SourceForm; path: Path; label: string; hint?: string }) {
  const { t } = useTexts()
  const files = props.form.options.dropFiles ?? []
  return files.length > 0 ? (
    <ChoiceField {...props} none={t('sources.secretNone')} data={files.map(value => ({ value, label: value }))} />
  ) : (
    <TextField {...props} />
  )
}
