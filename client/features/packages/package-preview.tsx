import { type PackageScope, previewPackage } from '#contract/packages.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Card, Facts } from '../../ui/card.tsx'
import { Answer } from '../../ui/states.tsx'

/** What the package would hold, what it would not, and what is kept elsewhere. */
export function PackagePreview({ scope }: { scope: PackageScope }) {
  const { t, number, date } = useTexts()
  const query = useCall(previewPackage, { body: scope }, { keep: true })
  return (
    <Card title={t('packages.preview')} id="package-preview">
      <Answer query={query}>
        {found => {
          const out = [
            t('packages.outAlways'),
            ...(found.protectedPeople > 0 ? [t('packages.outProtected', { count: found.protectedPeople })] : []),
            ...(found.elsewhere > 0 ? [t('packages.outElsewhere', { count: found.elsewhere })] : []),
            ...(found.unread > 0 ? [t('packages.outUnread', { count: found.unread })] : []),
            ...(found.firstReading && scope.day < found.firstReading
              ? [t('packages.outBefore', { date: date(found.firstReading) })]
              : []),
          ]
          return (
            <div className="stack" aria-busy={query.isFetching}>
              <Facts
                columns
                facts={[
                  ...found.items.map(one => ({ label: t(`packages.items.${one.item}`), value: number(one.rows) })),
                  { label: t('packages.people'), value: number(found.people) },
                ]}
              />
              <h3>{t('packages.out')}</h3>
              <ul>
                {out.map(line => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
              <h3>{t('packages.notKept')}</h3>
              <p className="meta">{found.notKept.map(one => t(`packages.notKeptItem.${one}`)).join(' · ')}</p>
            </div>
          )
        }}
      </Answer>
    </Card>
  )
}
