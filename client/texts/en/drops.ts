import type { drops as da } from '../da/drops.ts'
import type { Same } from '../same.ts'

export const drops: Same<typeof da> = {
  drops: {
    caption: 'Files in the folder with time, state and run',
    columns: { name: 'File', noticed: 'Seen', state: 'State', run: 'Run' },
    bytes: '{{bytes}} KB',
    state: {
      waiting: 'Waiting to be written to its end',
      reading: 'Being read',
      archived: 'Read and kept',
      again: 'The same content as before',
      'set-aside': 'Rejected',
    },
    empty: 'No files yet',
    emptyHelp: 'Put a file into the folder. It is taken when it is written to its end.',
    patterns: 'Takes files called {{list}}.',
    looked: 'Looked {{when}}.',
    notLooked: 'Not looked yet.',
    unmatched: 'Fits no name, perhaps a slip of the pen: {{list}}',
  },
}
