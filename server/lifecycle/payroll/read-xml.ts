import { createReadStream } from 'node:fs'
import { TextDecoder } from 'node:util'
import iconv from 'iconv-lite'
import { SaxesParser } from 'saxes'
import { say } from '#contract/said.ts'
import { problem } from '../../platform/problem.ts'

/** An element of a record. Text is trimmed; names are without prefix. */
export type Element = {
  name: string
  attributes: Readonly<Record<string, string>>
  text: string
  children: readonly Element[]
  line: number
}
type Open = Element & { children: Element[]; read: boolean }

export type XmlShape = {
  /** Names that the outermost element may have. */
  roots: readonly string[]
  /** Elements that are handed over whole, wherever they stand below the outermost one. */
  records: ReadonlySet<string>
  /**
   * Elements whose text is shown to `glance` and then forgotten: it is in no record, no reject and no log. What `glance`
   * answers stands in its place.
   */
  never: ReadonlySet<string>
  glance(name: string, text: string): string
}

const DEEPEST = 16
const LONGEST_TEXT = 4000
const MOST_ELEMENTS = 2000
/** Signs without a tag: text that the parser gathers before anybody can look at it. */
const MOST_WITHOUT_TAG = 1_000_000
const BATCH = 200

/**
 * The records of an XML file, streaming: memory holds one batch, whatever the size of the file. Throws `source-incomplete`
 * where the end is missing, `source-invalid` for a DOCTYPE, what is no XML, what is deeper or longer than a record can
 * be, another outermost element, and an encoding that is not the declared one; `source-unreachable` where it cannot be read.
 * `name` is what people know the file by.
 */
export async function* readXml(path: string, name: string, shape: XmlShape): AsyncGenerator<Element[]> {
  const parser = new SaxesParser()
  const stack: Open[] = []
  let depth = 0
  let elements = 0
  let silent = 0
  let rooted = false
  let closed = false
  let done: Element[] = []
  const tooMuch = () =>
    invalid('xml-too-much', name, parser.line, 'has a record that is deeper or longer than any can be')
  parser.on('error', () => {
    throw invalid('xml-unreadable', name, parser.line, 'is no valid XML')
  })
  parser.on('doctype', () => {
    throw invalid('xml-declares', name, parser.line, 'declares a DOCTYPE, which is not taken in')
  })
  parser.on('opentag', ({ name: full, attributes }) => {
    silent = 0
    const local = full.slice(full.indexOf(':') + 1)
    depth++
    if (depth > DEEPEST) throw tooMuch()
    if (depth === 1) {
      rooted = true
      if (!shape.roots.includes(local)) throw other(name, local, shape.roots)
    }
    const inside = stack.length > 0
    if (!inside && (depth === 1 || !shape.records.has(local))) return
    elements = inside ? elements + 1 : 0
    if (elements > MOST_ELEMENTS) throw tooMuch()
    const given = attributes as Record<string, string>
    for (const value of Object.values(given)) if (value.length > LONGEST_TEXT) throw tooMuch()
    const read = !shape.never.has(local)
    stack.push({ name: local, attributes: given, text: '', children: [], line: parser.line, read })
  })
  const text = (piece: string) => {
    const open = stack.at(-1)
    if (!open) return
    if (open.text.length + piece.length > LONGEST_TEXT) throw tooMuch()
    open.text += piece
  }
  parser.on('text', text)
  parser.on('cdata', text)
  parser.on('closetag', () => {
    silent = 0
    depth--
    if (depth === 0) closed = true
    const open = stack.pop()
    if (!open) return
    const { read, ...element } = open
    element.text = read ? element.text.trim() : shape.glance(element.name, element.text)
    const above = stack.at(-1)
    if (above) above.children.push(element)
    else done.push(element)
  })
  for await (const piece of decoded(path, name)) {
    silent += piece.length
    if (silent > MOST_WITHOUT_TAG) throw tooMuch()
    try {
      parser.write(piece)
    } catch (error) {
      throw asProblem(error, name, parser.line)
    }
    if (done.length < BATCH) continue
    yield done
    done = []
  }
  if (!rooted && depth === 0)
    throw problem('source-incomplete', {
      detail: `The file ${name} is empty. Have the export made again.`,
      said: say('file-empty', { file: name }),
    })
  if (!closed)
    throw problem('source-incomplete', {
      detail: `The file ${name} stops in the middle: its end is missing. Have the export made again.`,
      said: say('xml-cut-short', { file: name }),
    })
  try {
    parser.close()
  } catch (error) {
    throw asProblem(error, name, parser.line)
  }
  if (done.length > 0) yield done
}

/** The text of a child, or the empty one. */
export const textOf = (element: Element, name: string): string => child(element, name)?.text ?? ''
export const child = (element: Element, name: string): Element | undefined =>
  element.children.find(one => one.name === name)
export const childrenOf = (element: Element, name: string): Element[] =>
  element.children.filter(one => one.name === name)

const SINGLE_BYTE = /^(iso-8859-1|iso-8859-15|windows-1252|us-ascii)$/
const PROLOG = /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']/

/**
 * The text, decoded as the file says it is. UTF-8 is decoded strictly; a single-byte encoding fits any bytes, so one whose
 * every letter beyond ASCII is well-formed UTF-8 is told to be what it is: names would come out as `BjÃ¸rn`.
 */
async function* decoded(path: string, name: string): AsyncGenerator<string> {
  let encoding = ''
  let decoder: { write(chunk: Buffer): string; end(): string | undefined } | null = null
  const asUtf8 = new TextDecoder('utf-8', { fatal: true })
  let fitsUtf8 = true
  let foreign = false
  const wrong = (cause?: unknown) =>
    problem('source-invalid', {
      detail: `The file ${name} says that it is ${encoding || 'utf-8'}, which does not fit its content or is not read here. Have it made in UTF-8.`,
      said: say('xml-encoding', { file: name, encoding: encoding || 'utf-8' }),
      cause,
    })
  const look = (chunk: Buffer, last: boolean) => {
    if (!fitsUtf8) return
    foreign ||= chunk.some(byte => byte > 127)
    try {
      asUtf8.decode(chunk, { stream: !last })
    } catch {
      fitsUtf8 = false
    }
  }
  const stream = createReadStream(path, { highWaterMark: 64 * 1024 })
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (!decoder) {
        const mark = chunk[0] === 0xff || chunk[0] === 0xfe ? 'utf-16' : ''
        encoding = (PROLOG.exec(chunk.subarray(0, 300).toString('latin1').replace(/^ï»¿/, ''))?.[1] ?? '').toLowerCase()
        const real = mark || encoding || 'utf-8'
        if (mark && encoding && !encoding.startsWith('utf-16')) throw wrong()
        if (!mark && !/^utf-?8$/.test(real) && !SINGLE_BYTE.test(real)) throw wrong()
        decoder = /^utf-?8$/.test(real) ? strictUtf8(wrong) : iconv.getDecoder(real)
      }
      if (SINGLE_BYTE.test(encoding)) look(chunk, false)
      yield decoder.write(chunk)
    }
    if (SINGLE_BYTE.test(encoding)) look(Buffer.alloc(0), true)
    if (foreign && fitsUtf8) throw wrong()
    const rest = decoder?.end()
    if (rest) yield rest
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (error instanceof Error && 'problem' in error) throw error
    if (!code) throw error
    throw problem('source-unreachable', {
      detail: `The file ${name} cannot be read (${code}).`,
      said: say('file-unreadable', { file: name, code }),
      cause: error,
    })
  }
}

function strictUtf8(wrong: (cause: unknown) => Error) {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const tried = (work: () => string) => {
    try {
      return work()
    } catch (cause) {
      throw wrong(cause)
    }
  }
  return {
    write: (chunk: Buffer) => tried(() => decoder.decode(chunk, { stream: true })),
    // A letter that is cut in two is the end of a file that is cut: the reader says so.
    end: () => undefined,
  }
}

const invalid = (code: 'xml-unreadable' | 'xml-declares' | 'xml-too-much', file: string, line: number, what: string) =>
  problem('source-invalid', { detail: `The file ${file} ${what}, at line ${line}.`, said: say(code, { file, line }) })

const other = (file: string, root: string, expected: readonly string[]) =>
  problem('source-invalid', {
    detail: `The file ${file} begins with ${root.slice(0, 60)} and not with ${expected.join(', ')}. See that it is the right file.`,
    said: say('xml-other', { file, root: root.slice(0, 60), expected: expected.join(', ') }),
  })

function asProblem(error: unknown, file: string, line: number): unknown {
  return error instanceof Error && 'problem' in error ? error : invalid('xml-unreadable', file, line, 'is no valid XML')
}
