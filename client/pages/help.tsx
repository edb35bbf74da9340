import { Kbd } from '@mantine/core'
import { rightState } from '#contract/lists.ts'
import { RightState } from '../features/person/right-state.tsx'
import { useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import { Page } from '../ui/page.tsx'
import classes from './help.module.css'
import { KEYS } from './help-keys.ts'

const words = [
  'right',
  'affiliation',
  'rule',
  'drift',
  'brake',
  'source',
  'run',
  'dryRun',
  'situation',
  'expected',
  'merge',
] as const

export function HelpPage() {
  const { t } = useTexts()
  return (
    <Page title={t('help.title')} lead={t('help.lead')} narrow>
      <Card title={t('help.shortcuts')}>
        <table className={classes.keys}>
          <caption className={classes.hidden}>{t('help.shortcutsCaption')}</caption>
          <thead className={classes.hidden}>
            <tr>
              <th scope="col">{t('help.keys')}</th>
              <th scope="col">{t('help.does')}</th>
            </tr>
          </thead>
          {KEYS.map(group => (
            <tbody key={group.at}>
              <tr>
                <th scope="rowgroup" colSpan={2} className={classes.where}>
                  {t(group.at)}
                </th>
              </tr>
              {group.keys.map(one => (
                <tr key={one.text}>
                  <th scope="row">
                    {one.keys.map(key => (
                      <Kbd key={key}>{key === 'space' ? t('helpKeys.space') : key}</Kbd>
                    ))}
                  </th>
                  <td>{t(one.text)}</td>
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </Card>
      <Card title={t('help.states')}>
        <dl className={classes.words}>
          {rightState.options.map(state => (
            <div key={state}>
              <dt>
                <RightState state={state} />
              </dt>
              <dd>{t(`enum.rightStateHelp.${state}`)}</dd>
            </div>
          ))}
        </dl>
      </Card>
      <Card title={t('help.words')}>
        <dl className={classes.words}>
          {words.map(word => (
            <div key={word}>
              <dt>{t(`help.word.${word}`)}</dt>
              <dd>{t(`help.word.${word}Is`)}</dd>
            </div>
          ))}
        </dl>
      </Card>
    </Page>
  )
}
