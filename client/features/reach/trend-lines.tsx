import { CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'

const COLOURS = ['var(--app-accent)', 'var(--app-wait)', 'var(--app-protected)', 'var(--app-bad)', 'currentColor']
const DASHES = ['', '6 4', '2 3', '10 4 2 4', '1 4', '8 2']

/** A line each, told apart by their dashes too; the table beside them holds the figures. */
export function TrendLines(props: {
  lines: { key: string; label: string }[]
  days: { day: string; values: Record<string, number> }[]
  dayText: (day: string) => string
  numberText: (value: number) => string
}) {
  return (
    <ResponsiveContainer width="100%" height={280}>
      <LineChart data={props.days} margin={{ top: 8, right: 16, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid stroke="var(--app-hair)" vertical={false} />
        <XAxis dataKey="day" tickFormatter={props.dayText} stroke="currentColor" fontSize={12} minTickGap={40} />
        <YAxis allowDecimals={false} tickFormatter={props.numberText} stroke="currentColor" fontSize={12} width={48} />
        <Tooltip
          labelFormatter={day => props.dayText(String(day))}
          contentStyle={{ background: 'var(--mantine-color-body)', border: '1px solid var(--app-line)' }}
        />
        <Legend formatter={name => <span style={{ color: 'var(--mantine-color-text)' }}>{name}</span>} />
        {props.lines.map((line, place) => (
          <Line
            key={line.key}
            type="stepAfter"
            dataKey={(row: (typeof props.days)[number]) => row.values[line.key] ?? 0}
            name={line.label}
            stroke={COLOURS[place % COLOURS.length] ?? 'currentColor'}
            strokeDasharray={DASHES[place % DASHES.length] ?? ''}
            strokeWidth={2}
            dot={props.days.length < 15}
            isAnimationActive={false}
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  )
}
