import { Tabs } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTexts } from '../../texts/i18n.ts'

type Key =
  | 'people'
  | 'holders'
  | 'register'
  | 'behind'
  | 'time'
  | 'changes'
  | 'rights'
  | 'siblings'
  | 'about'
  | 'peers'
  | 'drift'

/** The parts of a page; the first stands in no address. Only the part that is shown asks the server. */
export function PageTabs<K extends Key>(props: {
  tabs: { key: K; panel: ReactNode }[]
  value: K | undefined
  onChange: (tab: K | undefined) => void
}) {
  const { t } = useTexts()
  const first = props.tabs[0]!.key
  const shown = props.tabs.some(tab => tab.key === props.value) ? props.value! : first
  return (
    <Tabs
      value={shown}
      onChange={value => props.onChange(value === first ? undefined : (value as K))}
      keepMounted={false}
    >
      <Tabs.List className="no-print" aria-label={t('pages.tabs.label')}>
        {props.tabs.map(tab => (
          <Tabs.Tab key={tab.key} value={tab.key}>
            {t(`pages.tabs.${tab.key}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {props.tabs.map(tab => (
        <Tabs.Panel key={tab.key} value={tab.key} pt={16}>
          {tab.panel}
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}
