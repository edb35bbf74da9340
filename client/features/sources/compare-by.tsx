import { Button, Checkbox, Group } from '@mantine/core'
import { useTexts } from '../../texts/i18n.ts'
import { at, listAt, pointer } from './declaration.ts'
import { NumberField, type SourceForm } from './fields.tsx'
import classes from './sources.module.css'

const ATTRIBUTES = ['name', 'birthDate', 'unit', 'email', 'phone'] as const
const PATH = ['correlation', 'by'] as const
/** What holds where nothing is said (correlation-settings.ts). */
const USUAL = { attributes: ['name', 'birthDate', 'unit'], confidence: 70 }

/** By what an account finds its person where no number says it: each line is one comparison, with how certain it makes. */
export function CompareBy(props: { form: SourceForm }) {
  const { t } = useTexts()
  const { form } = props
  const lines = listAt(form.value, PATH)
  const error = form.errors.get(pointer(PATH))
  return (
    <fieldset className={`${classes.set} ${classes.wide}`} id={pointer(PATH)}>
      <legend>{t('sources.compareBy')}</legend>
      <p className="dim">{t('sources.byHelp')}</p>
      {lines.length === 0 && <p>{t('sources.byUsual', { confidence: USUAL.confidence })}</p>}
      {error && <p role="alert">{error}</p>}
      {lines.map((_, place) => {
        const attributes = listAt(form.value, [...PATH, place, 'attributes'])
        const title = t('sources.byTitle', { n: place + 1 })
        const where = [...PATH, place, 'attributes']
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: two comparisons may be alike while they are written
          <fieldset key={place} className={classes.conditions}>
            <legend>{title}</legend>
            <Group id={pointer(where)} gap="md">
              {ATTRIBUTES.map(name => (
                <Checkbox
                  key={name}
                  label={t(`sources.byAttribute.${name}`)}
                  checked={attributes.includes(name)}
                  onChange={event =>
                    form.set(
                      where,
                      ATTRIBUTES.filter(one => (one === name ? event.currentTarget.checked : attributes.includes(one))),
                    )
                  }
                />
              ))}
            </Group>
            {form.errors.get(pointer(where)) && <p role="alert">{form.errors.get(pointer(where))}</p>}
            <div className={classes.condition}>
              <NumberField form={form} path={[...PATH, place, 'confidence']} label={t('sources.byConfidence')} />
              <Button
                variant="default"
                size="xs"
                onClick={() => form.set(lines.length === 1 ? PATH : [...PATH, place], undefined)}
              >
                {t('sources.removeBy', { n: place + 1 })}
              </Button>
            </div>
          </fieldset>
        )
      })}
      <div>
        <Button
          variant="default"
          size="xs"
          disabled={lines.length >= 10}
          onClick={() =>
            form.set([...PATH, lines.length], at(form.value, PATH) ? { attributes: [], confidence: 60 } : USUAL)
          }
        >
          {t('sources.addBy')}
        </Button>
      </div>
    </fieldset>
  )
}
