/*
 * Makes the two fonts that documents on paper are set in, from the variable font of the screens: `node tests/setup/paper-fonts.ts`.
 * A PDF for the archive (PDF/A) carries its fonts, and neither of the libraries at hand cuts down a variable WOFF2. Outlines
 * at two weights, without hints and without features: each sign is one glyph. Run again when the font of the screens changes.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

type Point = { x: number; y: number; onCurve: boolean; endContour: boolean; copy(): Point }
type Decoded = {
  numberOfContours: number
  points?: Point[]
  components?: {
    glyphID: number
    dx: number
    dy: number
    scaleX: number
    scaleY: number
    scale01: number
    scale10: number
  }[]
}
type Variations = {
  transformPoints(id: number, points: Point[]): void
  getAdvanceAdjustment(id: number, table: unknown): number
}
type Font = {
  unitsPerEm: number
  ascent: number
  descent: number
  capHeight: number
  xHeight: number
  variationCoords: number[] | null
  hasGlyphForCodePoint(code: number): boolean
  glyphForCodePoint(code: number): { id: number }
  getGlyph(id: number): { advanceWidth: number }
  _transformedGlyphs: Decoded[]
  HVAR: unknown
  _variationProcessor: Variations
}

const place = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const fontkit = createRequire(place('node_modules/pdfkit/js/pdfkit.js'))('fontkit') as {
  create(file: Buffer): Font
}
const SOURCE = 'node_modules/@fontsource-variable/inter'
const WEIGHTS = [
  { file: 'paper-regular', style: 'Regular', weight: 400 },
  { file: 'paper-bold', style: 'Bold', weight: 700 },
]
const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)
/** Western, northern and middle Europe, Turkish and Romanian; what stands in tables and texts. */
const SIGNS = [
  ...span(0x20, 0x7e),
  ...span(0xa0, 0x17f),
  ...span(0x218, 0x21b),
  ...[0x259, 0x18f, 0x1e9e, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2018, 0x2019, 0x201a, 0x201c, 0x201d, 0x201e],
  ...[0x2020, 0x2022, 0x2026, 0x2030, 0x2039, 0x203a, 0x20ac, 0x2122, 0x2190, 0x2192, 0x2212, 0x2260, 0x2264, 0x2265],
]

type Outline = { advance: number; contours: { x: number; y: number; on: boolean }[][] }
/** The library decodes outlines of this format only without variations: one font for those, one that knows the variations. */
type Face = { font: Font; varied: Font }

const fontAt = (part: string) => fontkit.create(readFileSync(place(`${SOURCE}/files/inter-${part}-wght-normal.woff2`)))

function outlines(weight: number): { font: Font; signs: [code: number, outline: Outline][] } {
  const faces = ['latin', 'latin-ext'].map(
    (part): Face => ({ font: fontAt(part), varied: Object.assign(fontAt(part), { variationCoords: [weight] }) }),
  )
  const signs = SIGNS.flatMap((code): [number, Outline][] => {
    const face = faces.find(({ font }) => font.hasGlyphForCodePoint(code))
    return face ? [[code, outlineOf(face, face.font.glyphForCodePoint(code).id)]] : []
  })
  return { font: faces[0]!.font, signs }
}

const advanceOf = ({ font, varied }: Face, id: number) =>
  font.getGlyph(id).advanceWidth + varied._variationProcessor.getAdvanceAdjustment(id, varied.HVAR)

function outlineOf(face: Face, id: number): Outline {
  const contours: Outline['contours'] = [[]]
  for (const { x, y, onCurve, endContour } of pointsOf(face, id)) {
    contours.at(-1)!.push({ x: Math.round(x), y: Math.round(y), on: onCurve })
    if (endContour) contours.push([])
  }
  return { advance: Math.round(advanceOf(face, id)), contours: contours.slice(0, -1) }
}

function pointsOf(face: Face, id: number): Point[] {
  const { advanceWidth } = face.font.getGlyph(id)
  const glyphs = face.font._transformedGlyphs
  const glyph = glyphs[id]!
  if (glyph.numberOfContours === 0) return []
  const model = glyphs.find(one => one.points)!.points![0]!
  const point = (x: number, y: number) => Object.assign(model.copy(), { x, y, onCurve: true, endContour: true })
  const moved = (points: Point[]) => {
    const all = [...points, point(0, 0), point(advanceWidth, 0), point(0, 0), point(0, 0)]
    face.varied._variationProcessor.transformPoints(id, all)
    return all.slice(0, points.length)
  }
  if (glyph.points) return moved(glyph.points.map(one => one.copy()))
  const parts = glyph.components ?? []
  const places = moved(parts.map(one => point(one.dx, one.dy)))
  return parts.flatMap((part, n) =>
    pointsOf(face, part.glyphID).map(one =>
      Object.assign(one.copy(), {
        x: one.x * part.scaleX + one.y * part.scale01 + places[n]!.x,
        y: one.y * part.scaleY + one.x * part.scale10 + places[n]!.y,
      }),
    ),
  )
}

const u16 = (...values: number[]) => {
  const bytes = Buffer.alloc(values.length * 2)
  for (const [n, value] of values.entries()) bytes.writeUInt16BE(value & 0xffff, n * 2)
  return bytes
}
const u32 = (...values: number[]) => {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [n, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, n * 4)
  return bytes
}
const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
const boxOf = ({ contours }: Outline) => {
  const points = contours.flat()
  const of = (axis: 'x' | 'y', pick: (...values: number[]) => number) =>
    points.length === 0 ? 0 : pick(...points.map(one => one[axis]))
  return [of('x', Math.min), of('y', Math.min), of('x', Math.max), of('y', Math.max)] as const
}

/** One glyph, points as differences of two bytes each: plain, and packed well enough when the PDF is compressed. */
function glyphBytes(outline: Outline): Buffer {
  if (outline.contours.length === 0) return Buffer.alloc(0)
  const points = outline.contours.flat()
  const ends = outline.contours.map((_, n) => outline.contours.slice(0, n + 1).flat().length - 1)
  const steps = (axis: 'x' | 'y') => points.map((one, n) => one[axis] - (points[n - 1]?.[axis] ?? 0))
  return padded(
    Buffer.concat([
      u16(outline.contours.length, ...boxOf(outline), ...ends, 0),
      Buffer.from(points.map(one => (one.on ? 1 : 0))),
      ...[u16(...steps('x')), u16(...steps('y'))],
    ]),
  )
}

function fontBytes(style: string, weight: number): Buffer {
  const { font, signs } = outlines(weight)
  const box: Outline = {
    advance: 1200,
    contours: [
      [
        { x: 100, y: 0, on: true },
        { x: 100, y: 1400, on: true },
        { x: 1100, y: 1400, on: true },
        { x: 1100, y: 0, on: true },
      ],
    ],
  }
  const glyphs = [box, ...signs.map(([, outline]) => outline)]
  const bytes = glyphs.map(glyphBytes)
  const starts = bytes.map((_, n) => bytes.slice(0, n).reduce((sum, one) => sum + one.length, 0))
  const boxes = glyphs.map(boxOf)
  const most = (n: 0 | 1 | 2 | 3, pick: (...values: number[]) => number) => pick(...boxes.map(one => one[n]))
  const limits = [most(0, Math.min), most(1, Math.min), most(2, Math.max), most(3, Math.max)]
  const metrics = [Math.round(font.ascent), Math.round(font.descent)]
  const widest = Math.max(...glyphs.map(one => one.advance))
  const head = Buffer.concat([
    ...[u32(0x10000, 0x10000, 0, 0x5f0f3cf5), u16(0b11, font.unitsPerEm), Buffer.alloc(16), u16(...limits)],
    u16(weight > 600 ? 1 : 0, 6, 2, 1, 0),
  ])
  const tables: Record<string, Buffer> = {
    'OS/2': Buffer.concat([
      u16(4, Math.round(glyphs.reduce((sum, one) => sum + one.advance, 0) / glyphs.length), weight, 5, 0),
      u16(650, 600, 0, 75, 650, 600, 0, 350, 50, 300, 0),
      ...[Buffer.alloc(10), u32(0b11, 0, 0, 0), Buffer.from('RSMS'), u16(weight > 600 ? 0x20 : 0x40)],
      u16(signs[0]![0], signs.at(-1)![0], ...metrics, 0, metrics[0]!, -metrics[1]!),
      ...[u32(1, 0), u16(Math.round(font.xHeight), Math.round(font.capHeight), 0, 0x20, 0)],
    ]),
    cmap: cmapOf(signs.map(([code]) => code)),
    glyf: Buffer.concat(bytes),
    head,
    hhea: Buffer.concat([
      u32(0x10000),
      u16(...metrics, 0, widest, limits[0]!, 0, limits[2]!, 1, 0, 0, 0, 0, 0, 0, 0, glyphs.length),
    ]),
    hmtx: u16(...glyphs.flatMap((one, n) => [one.advance, boxes[n]![0]])),
    loca: u32(...starts, starts.at(-1)! + bytes.at(-1)!.length),
    maxp: Buffer.concat([
      u32(0x10000),
      u16(glyphs.length, Math.max(...glyphs.map(one => one.contours.flat().length))),
      u16(Math.max(...glyphs.map(one => one.contours.length)), 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0),
    ]),
    name: nameOf(style),
    post: Buffer.concat([u32(0x30000, 0), u16(-200, 100), u32(0, 0, 0, 0, 0)]),
  }
  const names = Object.keys(tables).sort((a, b) => (a < b ? -1 : 1))
  let at = 12 + 16 * names.length
  const directory = names.map(name => {
    const table = tables[name]!
    const entry = Buffer.concat([Buffer.from(name.padEnd(4)), u32(sumOf(table), at, table.length)])
    at += padded(table).length
    return entry
  })
  const file = Buffer.concat([
    ...[u32(0x10000), u16(names.length, 128, 3, names.length * 16 - 128), ...directory],
    ...names.map(name => padded(tables[name]!)),
  ])
  const headAt = file.indexOf(head)
  file.writeUInt32BE((0xb1b0afba - sumOf(file)) >>> 0, headAt + 8)
  return file
}

const sumOf = (table: Buffer): number => {
  const whole = padded(table)
  let sum = 0
  for (let at = 0; at < whole.length; at += 4) sum = (sum + whole.readUInt32BE(at)) >>> 0
  return sum
}

/** Format 4: neighbours in code are neighbours in glyph, as signs are in order. */
function cmapOf(given: readonly number[]): Buffer {
  const order = given.map((code, n) => ({ code, glyph: n + 1 })).sort((a, b) => a.code - b.code)
  const runs: { from: number; to: number; glyph: number }[] = []
  for (const { code, glyph } of order) {
    const last = runs.at(-1)
    if (last && code === last.to + 1 && glyph === last.glyph + (code - last.from)) last.to = code
    else runs.push({ from: code, to: code, glyph })
  }
  runs.push({ from: 0xffff, to: 0xffff, glyph: 0x10000 })
  const power = 2 ** Math.floor(Math.log2(runs.length))
  const body = Buffer.concat([
    u16(runs.length * 2, power * 2, Math.log2(power), (runs.length - power) * 2),
    u16(...runs.map(one => one.to), 0, ...runs.map(one => one.from), ...runs.map(one => one.glyph - one.from)),
    u16(...runs.map(() => 0)),
  ])
  return Buffer.concat([u16(0, 1, 3, 1), u32(12), u16(4, body.length + 6, 0), body])
}

function nameOf(style: string): Buffer {
  const licence = readFileSync(place(`${SOURCE}/LICENSE`), 'utf8')
  const said: [number, string][] = [
    [0, licence.slice(0, licence.indexOf('\n')).split(' Inter-')[0]!],
    ...([
      [1, 'Inter'],
      [2, style],
      [3, `Inter ${style} for paper`],
      [4, `Inter ${style}`],
      [5, 'Version 1.0'],
      [6, `Inter-${style}`],
      [13, 'SIL Open Font License 1.1'],
      [14, 'https://openfontlicense.org'],
    ] as [number, string][]),
  ]
  const texts = said.map(([, text]) => Buffer.from(text, 'utf16le').swap16())
  let at = 0
  const records = said.map(([id], n) => {
    const record = u16(3, 1, 0x409, id, texts[n]!.length, at)
    at += texts[n]!.length
    return record
  })
  return Buffer.concat([u16(0, said.length, 6 + 12 * said.length), ...records, ...texts])
}

for (const { file, style, weight } of WEIGHTS)
  writeFileSync(place(`server/platform/documents/fonts/${file}.ttf`), fontBytes(style, weight))
