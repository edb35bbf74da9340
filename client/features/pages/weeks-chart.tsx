import { CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { getHoldersOverTime } from '#contract/pages.ts'

type Week = ResponseOf<typeof getHoldersOverTime>['weeks'][number]

/** Two lines over weeks, told apart by their dashes too; the table beside them holds the figures. */
export function WeeksChart(props: {
  weeks: Week[]
  labels: { expected: string; observed: string }
  dayText: (on: string) => string
}) {
  const line = { type: 'stepAfter', strokeWidth: 2, dot: props.weeks.length < 15, isAnimationActive: false } as const
  return (
    <ResponsiveContainer width="100%" height={280}>
      <LineChart data={props.weeks} margin={{ top: 8, right: 16, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid stroke="var(--app-hair)" vertical={false} />
        <XAxis dataKey="on" tickFormatter={props.dayText} stroke="currentColor" fontSize={12} minTickGap={40} />
        <YAxis allowDecimals={false} stroke="currentColor" fontSize={12} width={48} />
        <Tooltip
          labelFormatter={on => props.dayText(String(on))}
          contentStyle={{ background: 'var(--mantine-color-body)', border: '1px solid var(--app-line)' }}
        />
        <Legend formatter={name => <span style={{ color: 'var(--mantine-color-text)' }}>{name}</span>} />
        <Line {...line} dataKey="expected" name={props.labels.expected} stroke="var(--app-accent)" />
        <Line
          {...line}
          dataKey="observed"
          name={props.labels.observed}
          stroke="var(--app-wait)"
          strokeDasharray="6 4"
        />
      </LineChart>
    </ResponsiveContainer>
  )
}
