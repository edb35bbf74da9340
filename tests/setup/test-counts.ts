/** The part of vitest's JSON report (its jest-compatible format) that the last line is made from. */
export type JsonReport = {
  success: boolean
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: { status: string; name: string; assertionResults: { status: string }[] }[]
}

export type Verdict = { passed: number; failed: number; notRun: number; exitCode: number; remarks: string[] }

/**
 * Turns vitest's report into counts of tests and an exit code. A file that broke before its first test counts as one
 * failure: otherwise the last line would say "0 failed" about a red run. Tests that did not run make the run red too,
 * unless the caller chose tests by name (`filtered`): in CI nothing is skipped.
 */
export function judge(report: JsonReport, vitestExitCode: number, filtered: boolean): Verdict {
  const broken = report.testResults.filter(
    file => file.status === 'failed' && !file.assertionResults.some(test => test.status === 'failed'),
  )
  const passed = report.numPassedTests
  const failed = report.numFailedTests + broken.length
  const notRun = report.numPendingTests + report.numTodoTests
  const remarks = broken.map(file => `Failed outside its tests: ${file.name}`)
  if (passed + failed === 0) remarks.push('No test was executed; that counts as a failure.')
  if (notRun > 0 && !filtered) remarks.push(`${notRun} tests did not run; that counts as a failure.`)
  if (failed === 0 && vitestExitCode !== 0) remarks.push(`vitest ended with exit code ${vitestExitCode}; see above.`)
  const good = failed === 0 && passed > 0 && vitestExitCode === 0 && (notRun === 0 || filtered)
  return { passed, failed, notRun, exitCode: good ? 0 : 1, remarks }
}
