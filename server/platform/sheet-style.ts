import type { Blob } from 'node:buffer'
import type Stream from 'node:stream'
import type { Feature } from 'write-excel-file/node'

const STYLE_XFS = '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs'
const STYLES = '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'

/**
 * The style that every cell has unless it has another (`Normal`), which the library leaves out: readers that are strict
 * about the parts of a workbook complain of its absence. In the order of ISO/IEC 29500-1, 18.8.39.
 */
export const normalStyle: Feature<Stream | Buffer | Blob> = {
  files: {
    transform: {
      'xl/styles.xml': {
        transform: content => content.replace('<cellXfs', STYLE_XFS).replace('</cellXfs>', STYLES),
      },
    },
  },
}
