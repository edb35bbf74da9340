import { readFileSync } from 'node:fs'
import process from 'node:process'
import { Command, CommanderError } from 'commander'
import { auditVerify } from './cli/audit-verify.ts'
import { directoryList, directorySample, directorySync, directoryTest } from './cli/directory.ts'
import { doctor } from './cli/doctor.ts'
import { adminLink, keysRotate } from './cli/installation.ts'
import { personShow } from './cli/person-show.ts'
import { retentionJournal, retentionPreview, retentionReplay } from './cli/retention.ts'
import { rulesExport, rulesImport, rulesPreview } from './cli/rules.ts'
import { type Answer, EXIT, withHouse } from './cli/session.ts'
import { lostGround } from './platform/lost-ground.ts'
import { isProblem } from './platform/problem.ts'

/**
 * `npm run hjemmel -- <command> [--json]`: the administrator's command line, over the same services as the API.
 * Exit codes: 0 done, 1 failed, 2 wrong usage, 3 held back by a guard. With `--json` one object is printed, on
 * success and on failure alike; scripts may rely on its names.
 */
const program = new Command('hjemmel')
  .description('Hjemmel on the command line')
  .exitOverride()
  .configureOutput({ writeErr: text => process.stderr.write(text) })
  .showHelpAfterError('(see: npm run hjemmel -- --help)')

/** A command that needs the house; prints its answer as JSON or as lines for people. */
function command(
  path: string,
  description: string,
  work: (
    house: Parameters<Parameters<typeof withHouse>[0]>[0],
    args: string[],
    options: Record<string, unknown>,
  ) => Promise<Answer>,
) {
  const [group, ...rest] = path.split(' ')
  const parent = rest.length > 0 && !rest[0]!.startsWith('<') ? groupOf(group!) : program
  const own = parent === program ? path : rest.join(' ')
  return parent
    .command(own)
    .description(description)
    .option('--json', 'print one JSON object')
    .action(async (...given: unknown[]) => {
      const self = given.at(-1) as Command
      const options = self.opts() as Record<string, unknown>
      await finish(options.json === true, () => withHouse(house => work(house, self.args, options)))
    })
}

function groupOf(name: string): Command {
  return program.commands.find(one => one.name() === name) ?? program.command(name)
}

async function finish(json: boolean, work: () => Promise<Answer>): Promise<void> {
  try {
    const answer = await work()
    process.stdout.write(json ? `${JSON.stringify(answer.json)}\n` : `${answer.text.trimEnd()}\n`)
    process.exitCode = answer.exit
  } catch (error) {
    const known = isProblem(error)
    const detail = known ? error.message : (lostGround(error) ?? `Unexpected: ${(error as Error).stack ?? error}`)
    if (json)
      process.stdout.write(
        `${JSON.stringify({ error: { code: known ? error.problem : 'unexpected', detail, errors: known ? error.info.errors : undefined } })}\n`,
      )
    else
      process.stderr.write(
        `${detail}\n${known ? (error.info.errors ?? []).map(one => `  ${one.where}: ${one.what}\n`).join('') : ''}`,
      )
    process.exitCode = !known
      ? EXIT.failed
      : error.problem === 'held-back'
        ? EXIT.held
        : error.problem === 'invalid-request'
          ? EXIT.usage
          : EXIT.failed
  }
}

command('directory test <source>', 'try a source step by step; reads nothing in', (house, [source]) =>
  directoryTest(house, source!),
)
command('directory list', 'all sources: how they are read, how fresh they are', house => directoryList(house))
command(
  'directory sample <source>',
  'the first entries before and after mapping; reads nothing in',
  (house, [source]) => directorySample(house, source!),
)
command('directory sync <source>', 'read a source: compare, plan, guard, apply', (house, [source], options) =>
  directorySync(house, source!, {
    dryRun: options.dryRun === true,
    mode: options.changes === true ? 'changes' : 'full',
  }),
)
  .option('--dry-run', 'stop before anything changes')
  .option('--changes', 'only what has changed since the last read, where the source can tell')
command('rules preview <file>', 'what importing this YAML would change; changes nothing', (house, [file]) =>
  rulesPreview(house, read(file!)),
)
command('rules import <file>', 'import rules, roles and mappings from YAML', (house, [file]) =>
  rulesImport(house, read(file!)),
)
command('rules export', 'all rules, roles and mappings as YAML', house => rulesExport(house))
command(
  'person show <person>',
  'a person by id or user name: affiliations, accounts, rights and why',
  (house, [person]) => personShow(house, person!),
)
command('audit verify', 'check the chain of the audit log; names the first broken link', house => auditVerify(house))
command('retention preview', 'what is due to be deleted today, row by row; deletes nothing', house =>
  retentionPreview(house),
)
command('retention journal', 'the deletion journal, a line a batch: keep it apart from the backups', house =>
  retentionJournal(house),
)
command('retention replay <file>', 'after a backup was restored: delete again what the journal says', (house, [file]) =>
  retentionReplay(house, read(file!)),
)
command('keys rotate', 'seal everything anew with the first key of the key file', house => keysRotate(house))
command('admin link', 'a one-time link for an administrator, while there is none', house => adminLink(house))
program
  .command('doctor')
  .description('configuration, database, schema, sources, key: what is wrong and what to do')
  .option('--json', 'print one JSON object')
  .action(async (options: { json?: boolean }) => finish(options.json === true, doctor))

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    process.stderr.write(`The file ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).\n`)
    process.exit(EXIT.usage)
  }
}
