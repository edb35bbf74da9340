import { IconAlertTriangle, IconArrowRight, IconCircleCheck, IconEye } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getHome } from '#contract/home.ts'
import { addDays, dayOf } from '../lib/formats.ts'
import { useCall } from '../lib/query.ts'
import { useSession } from '../lib/session.ts'
import { needTexts, useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import { Page } from '../ui/page.tsx'
import { PersonLink } from '../ui/person-link.tsx'
import { Answer, Empty, Waiting } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'
import classes from './home.module.css'

type Home = ResponseOf<typeof getHome>
type Section = Home['sections'][number]
type Todo = Section['todos'][number]

/** Of the DPO alone, with texts of its own: the first screen of all others does without. */
const DpoHome = lazy(async () => {
  await needTexts('register', 'deviations')()
  const { DpoHome } = await import('../features/dpo/dpo-home.tsx')
  return { default: DpoHome }
})

export function HomePage() {
  const { t, longDate } = useTexts()
  const { actor } = useSession()
  const query = useCall(getHome)
  const today = query.data?.today
  return (
    <Page
      title={t('home.title')}
      lead={[actor?.displayName, today ? longDate(today) : null].filter(Boolean).join(' · ')}
    >
      <Answer query={query}>
        {home => (
          <div className={classes.sections}>
            {home.sections.map(section => (
              <HomeSection key={section.role} section={section} alone={home.sections.length === 1} />
            ))}
            {home.sections.length === 0 && (
              <Card>
                <Empty good title={t('home.nothing')} help={t('home.nothingHelp')} />
              </Card>
            )}
            {home.freshness.length > 0 && <Freshness freshness={home.freshness} />}
          </div>
        )}
      </Answer>
    </Page>
  )
}

function HomeSection(props: { section: Section; alone: boolean }) {
  const { t } = useTexts()
  const { section } = props
  const { actor } = useSession()
  // Who only stands in for a manager sees the manager's list under the right name.
  const role =
    section.role === 'manager' && actor?.actingFor.length && !actor.roles.includes('manager') ? 'deputy' : section.role
  const act = section.todos.filter(todo => todo.severity === 'act')
  const look = section.todos.filter(todo => todo.severity !== 'act')
  return (
    <section className={classes.section} aria-labelledby={`home-${section.role}`}>
      <h2 id={`home-${section.role}`} className={classes.role}>
        {t(`role.${role}`)}
      </h2>
      <div className={classes.columns} data-alone={section.people.length === 0 || undefined}>
        <div
          className={classes.stack}
          data-pair={(section.people.length === 0 && act.length > 0 && look.length > 0) || undefined}
        >
          <Card title={t('home.todoTitle')} level={3} flush>
            {act.length === 0 ? (
              <p className={classes.none}>
                <IconCircleCheck size={18} aria-hidden /> {t('home.nothing')}
              </p>
            ) : (
              <Todos todos={act} />
            )}
          </Card>
          {look.length > 0 && (
            <Card title={t('home.lookTitle')} level={3} flush>
              <Todos todos={look} wide={section.people.length === 0 && act.length === 0} />
            </Card>
          )}
        </div>
        {section.people.length > 0 && <People people={section.people} />}
      </div>
      {section.ahead && section.ahead.length > 0 && <Ahead units={section.ahead} />}
      {section.role === 'dpo' && (
        <Suspense fallback={<Waiting />}>
          <DpoHome />
        </Suspense>
      )}
      {section.figures.length > 0 && <Figures figures={section.figures} />}
    </section>
  )
}

/** Who comes (+) and goes (−) by unit, a week a column; a unit leads to its part of the board. */
function Ahead(props: { units: NonNullable<Section['ahead']> }) {
  const { t, date } = useTexts()
  const today = dayOf(new Date().toISOString())
  return (
    <Card title={t('home.ahead')} level={3}>
      <p className="meta">{t('home.aheadHelp')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <section className={classes.ahead} tabIndex={0} aria-label={t('home.ahead')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('home.aheadUnit')}</th>
              {props.units[0]?.weeks.map((_, week) => (
                <th key={`from ${week.toString()}`} scope="col">
                  {t('home.aheadWeek', { date: date(addDays(today, week * 7)) })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {props.units.map(row => (
              <tr key={row.unit.id}>
                <th scope="row">
                  <Link to="/lifecycle" search={{ unit: row.unit.id } as never} className="link">
                    {row.unit.name}
                  </Link>
                </th>
                {row.weeks.map(({ starts, ends }, week) => (
                  <td key={`from ${week.toString()}`}>
                    {[starts > 0 && `+${starts}`, ends > 0 && `−${ends}`].filter(Boolean).join(' ')}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Card>
  )
}

/** `wide`: nothing stands beside it, so that it has two columns where there is room. */
function Todos(props: { todos: Todo[]; wide?: boolean }) {
  const { t } = useTexts()
  return (
    <ul className={classes.todos} data-wide={props.wide || undefined}>
      {props.todos.map(todo => {
        const Sign = todo.severity === 'act' ? IconAlertTriangle : todo.severity === 'good' ? IconCircleCheck : IconEye
        return (
          <li key={`${todo.code}${JSON.stringify(todo.params)}`}>
            <Link to={todo.to as never} search={todo.params as never} className={classes.todo}>
              <Sign size={18} aria-hidden data-severity={todo.severity} />
              <span>{t(`home.todo.${todo.code}`, { count: todo.count })}</span>
              <IconArrowRight size={16} aria-hidden className={classes.go} />
            </Link>
          </li>
        )
      })}
    </ul>
  )
}

function Figures(props: { figures: Section['figures'] }) {
  const { t, number, percent } = useTexts()
  return (
    <dl className={classes.figures}>
      {props.figures.map(figure => (
        <div key={figure.code}>
          <dt>{t(`home.figure.${figure.code as 'people'}`, { defaultValue: figure.code })}</dt>
          <dd>
            {figure.to ? (
              <Link to={figure.to as never} search={figure.params as never} className="link">
                {/* Rounded down: all but one is not all. */}
                {figure.of === null
                  ? number(figure.value)
                  : percent(Math.floor((figure.value / figure.of) * 100) / 100)}
              </Link>
            ) : (
              number(figure.value)
            )}
          </dd>
          {figure.of !== null && (
            <dd className={classes.share}>{t('home.figure.share', { part: figure.value, of: figure.of })}</dd>
          )}
        </div>
      ))}
    </dl>
  )
}

function People(props: { people: Section['people'] }) {
  const { t, date } = useTexts()
  return (
    <Card title={t('home.people')} level={3} flush>
      <ul className={classes.people}>
        {props.people.map(one => (
          <li key={`${one.person.id}${one.note}`}>
            <span>
              <PersonLink person={one.person} />
              {one.unit && <span className="meta">{one.unit.name}</span>}
            </span>
            <span className="meta nowrap">
              {t(`home.note.${one.note as 'starter'}`, { defaultValue: one.note })} {one.on && date(one.on)}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function Freshness(props: { freshness: Home['freshness'] }) {
  const { t, ago } = useTexts()
  return (
    <Card title={t('home.freshness')}>
      <ul className={classes.freshness}>
        {props.freshness.map(one => (
          <li key={one.source}>
            <span>{one.name}</span>
            {one.stale ? (
              <Status tone="wait" icon={IconAlertTriangle}>
                {one.readAt ? t('home.fresh', { when: ago(one.readAt) }) : t('home.never')}
              </Status>
            ) : (
              <Status tone="ok" icon={IconCircleCheck} plain>
                {one.readAt ? t('home.fresh', { when: ago(one.readAt) }) : t('home.never')}
              </Status>
            )}
          </li>
        ))}
      </ul>
    </Card>
  )
}
