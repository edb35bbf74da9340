import process from 'node:process'
import { writeDemo } from '../../server/demo/write-demo.ts'

/** Writes the files of the demonstration: folder, size, date. A process of its own, so that its memory is nobody else's. */
const [dir, size, today] = process.argv.slice(2) as [string, string, string]
await writeDemo({ dir, seed: 'hjemmel', size: Number(size) as 1 | 10 | 100, today })
